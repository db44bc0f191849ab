"""Pages of people by pinyin: as fast on the last page as on the first."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from yiwang.core.reads import parameter
from yiwang.residents.models import Resident


@dataclass(frozen=True)
class PeoplePage:
    """One page. `total` is None where counting would cost more than it tells."""

    rows: list[Resident]
    previous_cursor: str
    next_cursor: str
    total: int | None


def people_page(people: QuerySet[Resident], query: QueryDict) -> PeoplePage:
    """The page that `after` or `before` of the address asks for, in the order of `sort`."""
    size, most = int(parameter("core.page_rows")), int(parameter("core.keyset_rows"))
    counted = people.order_by()[: most + 1].count()
    backward = "before" in query
    falling = (query.get("sort") == "-name") != backward
    sign = "-" if falling else ""
    edge = _edge(query.get("before") or query.get("after") or "")
    rows = people.order_by(f"{sign}name_pinyin", f"{sign}pk")
    if edge:
        rows = rows.filter(_beyond(*edge, falling=falling))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    before, after = (more, True) if backward else (bool(edge), more)
    return PeoplePage(
        found,
        _cursor(found[0]) if found and before else "",
        _cursor(found[-1]) if found and after else "",
        counted if counted <= most else None,
    )


def _beyond(pinyin: str, pk: int, *, falling: bool) -> Q:
    way = "lt" if falling else "gt"
    further = Q(**{f"name_pinyin__{way}": pinyin}) | Q(**{f"pk__{way}": pk})
    # The first half alone lets the index begin where the last page ended.
    return Q(**{f"name_pinyin__{way}e": pinyin}) & further


def _cursor(person: Resident) -> str:
    return f"{person.name_pinyin}~{person.pk}"


def _edge(text: str) -> tuple[str, int] | None:
    pinyin, tilde, pk = text.rpartition("~")
    return (pinyin, int(pk)) if tilde and pk.isdecimal() and len(pk) < 19 else None
