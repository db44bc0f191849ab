"""Needs registered at any contact, surveys, and the yearly assessment of a community (QUA-01 to QUA-04)."""
