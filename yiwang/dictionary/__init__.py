"""The published data dictionary: items, code tables and the catalogue of forms as one version (INF-26)."""
