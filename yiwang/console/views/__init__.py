"""The staff's own pages: workbench, search, notices, supervision, help."""
