"""What everybody in the hall may look at and touch, without an account (SVC-20)."""
