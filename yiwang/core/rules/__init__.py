"""What core knows by heart: the calendar, numbers, masks and Chinese text, as pure functions."""
