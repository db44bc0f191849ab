"""Whether an organisation is in the register already (INF-03, DIV-12)."""

from difflib import SequenceMatcher

from yiwang.core.reads import parameter
from yiwang.divisions.rules import Depth, ancestor
from yiwang.organizations.models import Organization
from yiwang.organizations.rules.names import core_of


def holder_of(credit_code: str) -> Organization | None:
    """Who holds a code; it is held once in the city."""
    if not credit_code:
        return None
    rows = Organization.objects.kept().filter(credit_code=credit_code)
    return rows.select_related("division").first()


def namesakes(name: str, division: int, but: int = 0, code: str = "") -> list[Organization]:
    """Live organisations of the same township called the same, or so alike that it may be a slip.

    Two different codes are two organisations, whatever their names.
    """
    township = ancestor(division, Depth.TOWNSHIP)
    rows = Organization.objects.live().under(township).exclude(pk=but).select_related("division")
    least = float(parameter("organizations.likeness"))
    core = core_of(name)
    return [
        one
        for one in rows
        if not (code and one.credit_code and code != one.credit_code)
        and (core == core_of(one.name) or _alike(core, core_of(one.name)) >= least)
    ]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
