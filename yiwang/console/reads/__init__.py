"""What the staff's own pages show, gathered from the apps below."""
