"""Staff pages of matters: work list, one matter, acceptance, papers, catalogue."""
