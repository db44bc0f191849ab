"""Pages of staff: requests, accounts and agents, retention, unusual look-ups, the notice."""
