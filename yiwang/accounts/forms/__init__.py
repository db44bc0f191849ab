"""Forms of accounts, by noun; those of signing in are named in the settings."""
