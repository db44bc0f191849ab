"""Units, posts, roles and signing in (requirements DIV-07, DIV-10, DIV-13)."""
