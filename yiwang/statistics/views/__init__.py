"""Staff pages of figures, profiles and quality."""
