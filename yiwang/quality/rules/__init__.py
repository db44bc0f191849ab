"""What is checked and what follows, as plain tables: no database, request or clock."""
