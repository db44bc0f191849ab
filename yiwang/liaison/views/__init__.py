"""Pages of liaison at the desk."""
