"""What is told to residents about their business, by which way, once and on record (EXP-12)."""
