"""The menu of staff pages, deadlines in words, and figures of supervision: no database."""
