"""What is told, by which ways, when, and in whose words: no database, request or clock."""
