"""The residents' home page and search; no business of its own (INF-01)."""
