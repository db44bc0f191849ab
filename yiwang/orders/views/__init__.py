"""Staff pages of orders, and the work area of an organisation."""
