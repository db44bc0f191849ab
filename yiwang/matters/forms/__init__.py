"""Forms of the staff pages, split by noun."""
