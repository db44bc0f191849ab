"""Staff pages of the hall (SVC-20)."""
