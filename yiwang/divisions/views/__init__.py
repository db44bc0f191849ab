"""Staff pages on divisions: tree, place, changes, review queue."""
