"""Scored forms as data: read, checked and added up without a database."""
