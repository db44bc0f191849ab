"""What the resident register knows by heart: identity numbers, credit codes, telephones."""
