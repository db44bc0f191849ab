"""Staff pages of the tags."""
