"""Template tags of the page furniture."""
