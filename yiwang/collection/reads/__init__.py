"""What is held and fresh, who is due, who is unreached, and how collection work stands."""
