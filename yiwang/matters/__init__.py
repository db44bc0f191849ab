"""Accept once: the catalogue, acceptance, steps, deadlines, results and ratings (INF-08, INF-09, SVC)."""
