"""The journal's looks behind the mask, day by day and person by person, with what makes them odd."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yiwang.accounts.models import Post, User
from yiwang.core.models import JournalLine
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import split_name
from yiwang.core.vault import keyed_hash
from yiwang.divisions.rules import range_of
from yiwang.personal.models import Finding
from yiwang.personal.rules.lookups import Limits, Look, signs
from yiwang.residents.models import Resident

from .access import is_child
from .mine import LOOKS


def limits() -> Limits:
    """The thresholds in force."""
    first, last = str(parameter("personal.lookup_night_hours")).split("-")
    return Limits(
        hour=int(parameter("personal.lookups_an_hour")),
        day=int(parameter("residents.reveals_a_day")),
        night=int(parameter("personal.lookup_night")),
        outside=int(parameter("personal.lookup_outside")),
        surname=int(parameter("personal.lookup_surname")),
        colleague=int(parameter("personal.lookup_colleagues")),
        neighbour=int(parameter("personal.lookup_neighbours")),
        minors=int(parameter("personal.lookup_minors")),
        night_from=time.fromisoformat(first),
        night_to=time.fromisoformat(last),
    )


def lines_of(day: date) -> dict[int, list[JournalLine]]:
    """The day's looks by whoever looked."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    lines = JournalLine.objects.filter(
        at__gte=start, at__lt=start + timedelta(days=1), act__in=LOOKS,
        subject_model="residents.resident", user_id__isnull=False,
    ).order_by("pk")  # fmt: skip
    found: dict[int, list[JournalLine]] = defaultdict(list)
    for line in lines:
        found[line.user_id or 0].append(line)
    return found


def findings_of(day: date) -> list[Finding]:
    """What the looks of a day show, as findings not yet saved."""
    found: list[Finding] = []
    rules = limits()
    for user_id, lines in lines_of(day).items():
        person = User.objects.filter(pk=user_id).first()
        if person is None:
            continue
        looks = _looks(person, lines, day)
        for kind, numbers in signs(looks, rules).items():
            found.append(
                Finding(
                    kind=kind, on=day, user_id=user_id, by=lines[-1].by, lines=numbers,
                    division_key=_home(person, lines),
                )
            )  # fmt: skip
    return found


def _home(person: User, lines: list[JournalLine]) -> int:
    """Where the person works, so that the data officer of that area sees it."""
    post = Post.objects.filter(user=person).order_by("ended_at", "-starts_on").first()
    return int(post.division_id if post else lines[-1].division_key or 0)


def _looks(person: User, lines: list[JournalLine], day: date) -> list[Look]:
    numbers = {int(line.subject_id) for line in lines}
    people = Resident.objects.select_related("dwelling").in_bulk(list(numbers))
    areas = [range_of(key) for key in Post.objects.held_on(day).filter(user=person)
             .values_list("division_id", flat=True)]  # fmt: skip
    own, colleagues = _own_record(person), _colleagues(person)
    looks = []
    for line in lines:
        seen = people.get(int(line.subject_id))
        if seen is None:
            continue
        looks.append(
            Look(
                line=line.pk,
                at=timezone.localtime(line.at),
                resident=seen.pk,
                surname=split_name(seen.name)[0],
                outside=not any(area.holds(line.division_key) for area in areas),
                colleague=(seen.name, bytes(seen.phone_hash or b"")) in colleagues,
                near=own is not None and _lives_near(own, seen),
                child=is_child(seen, day),
            )
        )
    return looks


def _own_record(person: User) -> Resident | None:
    """The register's own record of a member of staff: same name and telephone."""
    if not person.phone:
        return None
    held = Resident.objects.live().filter(phone_hash=keyed_hash("phone", person.phone))
    return held.filter(name=person.name).select_related("dwelling").first()


def _colleagues(person: User) -> set[tuple[str, bytes]]:
    """Name and telephone of everyone who works in a unit of this person."""
    units = Post.objects.filter(user=person).values("unit_id")
    others = User.objects.filter(posts__unit_id__in=units).exclude(pk=person.pk).exclude(phone="")
    rows: Any = others.values_list("name", "phone").distinct()
    return {(name, keyed_hash("phone", phone)) for name, phone in rows}


def _lives_near(own: Resident, seen: Resident) -> bool:
    """Of one family, or in one building of one estate; looking at oneself counts too."""
    if own.pk == seen.pk or (own.household_id and own.household_id == seen.household_id):
        return True
    here, there = own.dwelling, seen.dwelling
    if here is None or there is None or here.division_id != there.division_id:
        return False
    if here.pk == there.pk:
        return True
    return bool(here.building) and (here.estate, here.road, here.building) == (
        there.estate, there.road, there.building,
    )  # fmt: skip
