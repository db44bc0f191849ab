"""Staff pages of collection work."""
