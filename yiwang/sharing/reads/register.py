"""The register of agreements as a list: searched, filtered, sorted, with what was used of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.sharing.models import Agreement
from yiwang.sharing.rules.states import State

SORTS: Final = {
    "title": "title", "ends": "ends_on", "calls": "calls", "persons": "persons", "unit": "unit__name",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed by; `ending` and `expired` are states of the day."""

    q: str = ""
    state: str = ""
    sort: str = ""


def listed(actor: Actor, asked: Asked, on: date) -> QuerySet[Any]:
    """Agreements the actor may know of, each with `calls` and `persons` (0 when never used)."""
    rows = Agreement.objects.visible_to(actor).select_related("unit", "division")
    words = clean_text(asked.q)[:60]
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(unit__name__icontains=words)
    rows = _in_state(rows, asked.state, on)
    used: QuerySet[Any] = rows.annotate(
        calls=Count("readings"), persons=Coalesce(Sum("readings__found"), 0)
    )
    column = SORTS.get(asked.sort.removeprefix("-"))
    if column is None:
        return used.order_by("-pk")
    return used.order_by(f"-{column}" if asked.sort.startswith("-") else column, "-pk")


def _in_state(rows: Any, state: str, on: date) -> Any:
    if state == "ending":
        return rows.ending(on, int(parameter("sharing.remind_days")))
    if state == "expired":
        return rows.expired(on)
    if state == "asked":
        return rows.undecided()
    if state == State.IN_FORCE:
        return rows.running(on)
    return rows.filter(state=state) if state in State.values else rows
