"""Collect once: residents, households and dwellings (requirements DIV-08, DIV-09)."""
