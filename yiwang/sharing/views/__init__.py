"""Pages of sharing agreements."""
