"""What an organisation is, says and may become: no database, request or clock."""
