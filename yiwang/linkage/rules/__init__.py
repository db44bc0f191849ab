"""What makes two records alike: the model with its weights, and what is compared."""
