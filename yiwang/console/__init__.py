"""The staff's home page, menu and search; no business of its own."""
