"""Sharing agreements: who reads which items of which persons, why, on which law (INF-10, INF-11)."""
