"""Staff pages of quality."""
