"""Staff pages of the outbox, the letters and the words."""
