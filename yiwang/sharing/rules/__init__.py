"""What an agreement covers, and how it may move; no database, request or clock."""
