"""Staff pages of linkage."""
