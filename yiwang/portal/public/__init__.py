"""The residents' pages, open to everybody (INF-01, SVC-02, SVC-04, SVC-24)."""
