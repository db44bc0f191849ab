"""Which moves an item knows, what a form asks, and what is wrong with what came back."""
