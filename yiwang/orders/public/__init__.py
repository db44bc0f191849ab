"""What a resident does with an order: no account, number and code are enough."""
