"""Pages of residents: signing in, own data, rights, agents, own account."""
