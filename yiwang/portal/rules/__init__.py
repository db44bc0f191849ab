"""Words and sums of the public pages: no database, request or clock."""
