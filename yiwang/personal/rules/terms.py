"""How long an authorisation runs, and from which day on a child is no longer a minor."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused


def years_after(day: date, years: int) -> date:
    """The same day years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def term(starts: date, asked: date | None, years: int, not_after: date | None) -> date:
    """The last day: what was asked, else the years of the parameter, never beyond `not_after`.

    Raises Refused: ends_early.
    """
    usual = years_after(starts, years) - timedelta(days=1)
    last = asked or usual
    if not_after is not None:
        last = min(last, not_after)
    if last < starts:
        sentence = _("到期日期早于开始日期。")
        raise Refused("ends_early", sentence, {"ends_on": sentence})
    return last
