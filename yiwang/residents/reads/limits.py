"""Which of what is held may at present only be stored: asked before every other use (PIPL 44-47)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yiwang.residents.models import Resident, UseLimit, all_fields

EVERYTHING: Final = ""
"""The field of a limit on all that is held."""


@dataclass(frozen=True)
class Limits:
    """The limits of one person in force: by field, `EVERYTHING` for all fields."""

    by_field: Mapping[str, UseLimit]

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def on(self, code: str) -> UseLimit | None:
        """The limit a field stands under; None when it may be used."""
        return self.by_field.get(code) or self.by_field.get(EVERYTHING)

    def why(self, code: str) -> str:
        """The reason in words; empty when the field may be used."""
        found = self.on(code)
        if found is None:
            return ""
        words = {"why": found.get_kind_display(), "day": found.since.isoformat()}
        return _("%(why)s（%(day)s起）") % words

    def __getitem__(self, code: str) -> str:
        """The same, as templates ask: `limits.phone`."""
        return self.why(code)

    @property
    def sentence(self) -> str:
        """What is left out and why, for the page and the file."""
        if EVERYTHING in self.by_field:
            return _("全部信息限制使用，未列出")
        labels = [all_fields()[code].label for code in self.by_field if code in all_fields()]
        return _("%(fields)s限制使用，未列出") % {"fields": _("、").join(labels)} if labels else ""


NOTHING: Final = Limits({})


def limits_of(people: Iterable[Resident | int]) -> dict[int, Limits]:
    """The limits in force of each of these people; who has none is absent. One statement."""
    keys = [one.pk if isinstance(one, Resident) else one for one in people]
    found: dict[int, dict[str, UseLimit]] = {}
    for row in UseLimit.objects.filter(resident__in=keys, ended_on__isnull=True):
        found.setdefault(row.resident_id, {})[row.field] = row
    return {key: Limits(rows) for key, rows in found.items()}


def with_limits(people: Iterable[Resident]) -> list[Resident]:
    """The same people, each with `limits`; one statement however many."""
    rows = list(people)
    found = limits_of(rows)
    for one in rows:
        one.limits = found.get(one.pk, NOTHING)  # type: ignore[attr-defined]
    return rows


def limits_on(resident: Resident) -> Limits:
    """The limits of one person."""
    return limits_of([resident]).get(resident.pk, NOTHING)
