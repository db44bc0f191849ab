"""Birthdays: from which day of birth on somebody has so many full years."""

from datetime import date


def years_before(day: date, years: int) -> date:
    """The birthday of who turns `years` on a day; 29 February counts as the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
