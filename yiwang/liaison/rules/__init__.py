"""When a roster has gaps, and a roster as a calendar file: no database, no clock."""
