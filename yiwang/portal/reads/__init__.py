"""What the public pages show: places and their units, guides, search, one matter, figures."""
