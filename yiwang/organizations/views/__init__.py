"""Staff pages of the register of organisations."""
