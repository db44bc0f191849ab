"""Two records of one person become one, and two again: every reference follows and goes back.

What is append-only (source records, history) is never rewritten: it keeps naming the record it was
written for, and reads follow `merged_into`. So the columns of the survivor are derived from the source
records of both, and those of each from its own once they are parted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models.references import Reference, hand_back, hand_over, references_to
from yiwang.residents.models import Household, LifeState, Relation, Resident

from .settling import settle

_COLUMNS: Final = ("standing", "household_id", "relation", "state", "state_on", "merged_into_id")
"""Columns that are not derived from source records."""


@dataclass
class Trace:
    """Everything a merge changed, as values that JSON holds: enough to take it back exactly."""

    survivor: dict[str, Any]
    other: dict[str, Any]
    after: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    moved: dict[str, list[Any]] = field(default_factory=dict)


@act("residents.join")
def join_records(survivor: Resident, *, other: Resident, by: Actor) -> Trace:
    """Let `survivor` go on for both; `other` ends as merged and its address leads on.

    Columns are derived from the source records of both. Raises Refused: same_record,
    already_merged, not_live.
    """
    _lock_both(survivor, other)
    _must_be_two(survivor, other)
    trace = Trace(_image(survivor), _image(other))
    _join_households(survivor, other, trace)
    for model, name in references():
        if moved := hand_over((model, name), other, survivor):
            trace.moved[f"{model._meta.label_lower}.{name}"] = moved
    other.state, other.merged_into = LifeState.MERGED, survivor
    other.state_on = timezone.localdate(moment())
    other.household, other.relation = None, ""
    other.save()
    settle(survivor)
    trace.after = _image(survivor)
    note(other=other.pk, references=sum(map(len, trace.moved.values())))
    return trace


@act("residents.join")
def part_records(
    survivor: Resident, *, other: Resident, trace: Mapping[str, Any], by: Actor
) -> Resident:
    """Take a merge back: both records, their households and every reference as they were.

    What was corrected in the survivor since stays with the survivor. Gives the other record.
    Raises Refused: merged_on, number_taken.
    """
    _lock_both(survivor, other)
    if other.merged_into_id != survivor.pk:
        raise Refused("merged_on", _("合并后又并入了别的档案，请先撤销后一次合并。"))
    now = _image(survivor)
    kept = {name: value for name, value in now.items() if value != trace["after"][name]}
    hand_back(trace["moved"], other, survivor)
    _restore(survivor, {**trace["survivor"], **kept})
    _restore(other, trace["other"])
    _derive_both(survivor, other)
    for household, head in trace["heads"].items():
        Household.objects.filter(pk=int(household)).update(head_id=head)
    note(other=other.pk)
    return other


def _derive_both(survivor: Resident, other: Resident) -> None:
    """Each from its own source records; a number is free again once the survivor lets go of it."""
    other.put_identity("")
    try:
        with transaction.atomic():
            other.save()
            settle(survivor)
            settle(other)
    except Refused as fault:
        sentence = _("合并后这个身份证号又登记了新的档案，不能撤销合并。")
        raise Refused("number_taken", sentence) from fault


# ---------- joining ----------


def _lock_both(survivor: Resident, other: Resident) -> None:
    """In the order of their keys, so that two clerks never wait for each other in a ring."""
    for record in sorted((survivor, other), key=lambda one: one.pk):
        lock(record)


def _must_be_two(survivor: Resident, other: Resident) -> None:
    if survivor.pk == other.pk:
        raise Refused("same_record", _("这是同一份档案。"))
    for record in (survivor, other):
        if record.merged_into_id:
            raise Refused("already_merged", _("其中一份档案已经并入别的档案。"))
        if record.state == LifeState.WITHDRAWN:
            raise Refused("not_live", _("其中一份档案的导入已撤销，不能合并。"))
    if not survivor.is_live and other.is_live:
        raise Refused("not_live", _("要保留的档案不在册；请保留另一份。"))


def _join_households(survivor: Resident, other: Resident, trace: Trace) -> None:
    """A survivor without a household takes the other's place in it; else the other leaves."""
    led = list(Household.objects.filter(head=other))
    home = other.household
    if home and survivor.household_id is None and home.division_id == survivor.division_id:
        survivor.household, survivor.relation = home, other.relation
    for household in led:
        stays = household.pk == survivor.household_id
        trace.heads[str(household.pk)] = other.pk
        household.head = survivor if stays else None
        household.save(update_fields=["head", "updated_at"])
        if stays:
            survivor.relation = Relation.HEAD


def references() -> Iterator[Reference]:
    """Every table that speaks of a person; households are joined, not handed over."""
    return (one for one in references_to(Resident) if one[0] is not Household)


# ---------- images ----------


def _image(record: Resident) -> dict[str, Any]:
    """What of a record is not derived from its source records."""
    held = {name: getattr(record, name) for name in _COLUMNS}
    return {
        name: value.isoformat() if isinstance(value, date) else (value or None)
        for name, value in held.items()
    }


def _restore(record: Resident, image: Mapping[str, Any]) -> None:
    for name, value in image.items():
        if name == "state_on":
            record.state_on = date.fromisoformat(value) if value else None
        else:
            setattr(record, name, "" if name == "relation" and value is None else value)
