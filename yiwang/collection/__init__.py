"""Collect, collate, upload: campaigns, due lists, the offline form, checks, demands for data (INF-05 to INF-07)."""
