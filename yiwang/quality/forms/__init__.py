"""Forms of quality: standards, samples, checks, corrections, promises, filters."""
