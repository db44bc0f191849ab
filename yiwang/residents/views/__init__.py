"""Staff pages of the register."""
