"""Pages of residents who apply online."""
