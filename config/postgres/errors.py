"""What can go wrong with the database, in one sentence that says what to do."""


class DatabaseError(Exception):
    """The database cannot be started, reached or prepared; the message says what to do."""
