"""Quality of services: standards, sampling and checks, corrections, scoreboard, promises (四（二）4)."""
