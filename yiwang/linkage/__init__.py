"""The same person once: duplicates in bulk, their review, merging, and lists of departments (INF-03, INF-13)."""
