"""Staff pages of the dictionary."""
