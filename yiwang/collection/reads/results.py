"""What a demand gets: counts of answers, and masked rows within the actor's rights (INF-05)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Demand, ExtraAnswer
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident
from yiwang.residents.reads import known_fields, listed_value, with_limits
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import mask_value, show_value

from .held import of_age

COUNTED = frozenset({"choice", "multichoice", "boolean"})


@dataclass(frozen=True)
class Row:
    """One person of a result, masked; `counted` are the answers figures are made of."""

    resident: Resident
    values: list[str]
    counted: list[str]


@dataclass(frozen=True)
class Figure:
    """The answers to one field; a small count is None so that nobody is recognised."""

    field: Field
    known: int
    counts: list[tuple[str, int | None]]


def people_of(demand: Demand, on: date) -> QuerySet[Resident]:
    """The people a demand is about."""
    area = range_of(demand.division_id)
    people = Resident.objects.live().filter(division_id__range=(area.lo, area.hi))
    return of_age(people, demand.age_from, demand.age_to, on)


def must_be_open(demand: Demand, actor: Actor, on: date) -> None:
    """The result is for the unit that asked, once granted, until the day it named.

    Raises Refused: not_yours, not_granted, run_out.
    """
    if demand.unit_id != actor.unit_id:
        raise Refused("not_yours", _("结果只给提出需求的单位看。"))
    if not demand.granted:
        raise Refused("not_granted", _("这项需求还没有批准。"))
    if demand.until < on:
        raise Refused("run_out", _("使用期限已过，需要时请重新提出。"))


def result_rows(demand: Demand, actor: Actor, on: date, most: int) -> list[Row]:
    """The people with the fields asked for, masked; those the actor sees, at most `most`."""
    people = people_of(demand, on).filter(
        pk__in=Resident.objects.visible_to(actor).order_by().values("pk")
    )
    rows = with_limits(people.select_related("division").order_by("division_id", "pk")[:most])
    extras = _extras(demand, [one.pk for one in rows])
    return [_row(demand, one, extras.get(one.pk, {}), on) for one in rows]


def _row(demand: Demand, person: Resident, extras: dict[str, str], on: date) -> Row:
    """What a list may show of the person, and what figures count: a school is counted, not named."""
    known, limits = known_fields(person, demand.fields, on), person.limits  # type: ignore[attr-defined]
    values, counted = [], []
    for code, field in demand.asked().items():
        masked = known[code].masked if code in known else mask_value(field, extras.get(code, ""))
        values.append(listed_value(person, code, masked, limits))
        counted.append("" if limits.on(code) else masked)
    return Row(person, values, counted)


def _extras(demand: Demand, people: Iterable[int]) -> dict[int, dict[str, str]]:
    """The newest answers to new items, by person and code."""
    if demand.campaign_id is None or not demand.questions:
        return {}
    rows = ExtraAnswer.objects.filter(
        task__campaign_id=demand.campaign_id, resident_id__in=list(people)
    )
    found: dict[int, dict[str, str]] = {}
    for one in rows.order_by("pk"):
        found.setdefault(one.resident_id, {})[one.code] = str(one.sealed)
    return found


def result_figures(demand: Demand, rows: Iterable[Row]) -> list[Figure]:
    """Counts of each answer over the rows; counts under the parameter are left out."""
    least = int(parameter("portal.figure_least"))
    columns = list(zip(*(one.counted for one in rows), strict=True))
    found = []
    for at, field in enumerate(demand.asked().values()):
        said = [text for text in (columns[at] if columns else ()) if text]
        counts: Counter[str] = Counter(said) if field.type in COUNTED else Counter()
        shown = [(text, n if n >= least else None) for text, n in counts.most_common()]
        found.append(Figure(field, len(said), shown))
    return found


def shown_value(field: Field, text: str) -> str:
    """An answer in words for the item page; masked where the field is."""
    if not text:
        return ""
    try:
        return mask_value(field, text) if field.mask != "none" else show_value(field, text)
    except ValueError:  # typed wrongly: shown as it came
        return text
