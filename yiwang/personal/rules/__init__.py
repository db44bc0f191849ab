"""Codes, purposes, classes of data and signs of misuse, as pure functions and tables."""
