"""Forms of liaison: filters of its lists, and what is entered."""
