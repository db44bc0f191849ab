"""Signs that somebody looks at residents' data out of curiosity, from lines alone (EXP-68)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Look:
    """One look behind the mask: which line, when (local time), whose, and what is known of that."""

    line: int
    at: datetime
    resident: int
    surname: str = ""
    outside: bool = False
    colleague: bool = False
    near: bool = False
    child: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many looks a sign is reported; the numbers are parameters of the city."""

    hour: int
    day: int
    night: int
    outside: int
    surname: int
    colleague: int
    neighbour: int
    minors: int
    night_from: time = field(default=time(22))
    night_to: time = field(default=time(6))


def signs(looks: Sequence[Look], limits: Limits) -> dict[str, list[int]]:
    """The signs that one person's looks of one day show, each with the lines behind it."""
    found = {
        "hour": _busiest_hour(looks, limits.hour),
        "day": _all(looks, limits.day),
        "surname": _one_surname(looks, limits.surname),
    }
    marks: Mapping[str, tuple[Callable[[Look], bool], int]] = {
        "night": (lambda one: _at_night(one.at.time(), limits), limits.night),
        "outside": (lambda one: one.outside, limits.outside),
        "colleague": (lambda one: one.colleague, limits.colleague),
        "neighbour": (lambda one: one.near, limits.neighbour),
        "minors": (lambda one: one.child, limits.minors),
    }
    for kind, (holds, least) in marks.items():
        found[kind] = _all([one for one in looks if holds(one)], least)
    return {kind: lines for kind, lines in found.items() if lines}


def _all(looks: Iterable[Look], least: int) -> list[int]:
    lines = [one.line for one in looks]
    return lines if len(lines) >= least else []


def _busiest_hour(looks: Sequence[Look], least: int) -> list[int]:
    """The lines of the first hour that holds enough of them; the window slides."""
    ordered = sorted(looks, key=lambda one: one.at)
    start = 0
    for end, one in enumerate(ordered):
        while one.at - ordered[start].at > HOUR:
            start += 1
        if end - start + 1 >= least:
            begin = ordered[start].at
            return [look.line for look in ordered[start:] if look.at - begin <= HOUR]
    return []


def _one_surname(looks: Iterable[Look], least: int) -> list[int]:
    """Many different people of one surname, as someone does who looks for relatives."""
    people: dict[str, set[int]] = defaultdict(set)
    lines: dict[str, list[int]] = defaultdict(list)
    for one in looks:
        if one.surname:
            people[one.surname].add(one.resident)
            lines[one.surname].append(one.line)
    crowded = [name for name, seen in people.items() if len(seen) >= least]
    return lines[max(crowded, key=lambda name: len(people[name]))] if crowded else []


def _at_night(moment: time, limits: Limits) -> bool:
    if limits.night_from <= limits.night_to:
        return limits.night_from <= moment < limits.night_to
    return moment >= limits.night_from or moment < limits.night_to
