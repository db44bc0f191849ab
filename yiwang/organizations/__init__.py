"""Organisations and service subjects: one register for units, teams, firms (DIV-11, DIV-12)."""
