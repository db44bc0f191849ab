"""A bundle as one plan: shared fields and documents once, the parts beside it (INF-08)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.matters.models import Bundle, BundleCase, Draft, Matter, ServiceItem
from yiwang.matters.rules import OPEN
from yiwang.matters.rules.guide import Guide

from . import Planned, planned


@dataclass(frozen=True)
class Bundled(Planned):
    """Several items as one: `item` and `version` are those of the first part."""

    bundle: Bundle
    parts: tuple[Planned, ...]

    @cached_property
    def _content(self) -> dict[str, Any]:
        return merged(self.bundle, [one.version.content for one in self.parts])

    @property
    def guide(self) -> Guide:
        return Guide(self._content, english=(get_language() or "").startswith("en"))


def bundled(bundle: Bundle, chosen: Sequence[str] | None = None, on: date | None = None) -> Bundled:
    """The plan of a bundle with the items chosen, or all of them.

    Those of `always` are never left out, and items no longer in force are. Raises Refused
    nothing_chosen.
    """
    day = on or timezone.localdate()
    wanted = set(bundle.items if chosen is None else chosen) | set(bundle.always)
    parts = tuple(_in_force([code for code in bundle.items if code in wanted], day))
    if not parts:
        raise Refused("nothing_chosen", _("请至少选一个要办的事项。"), {"parts": "required"})
    confidential = any(one.confidential for one in parts)
    return Bundled(parts[0].item, parts[0].version, confidential, bundle, parts)


def _in_force(codes: Iterable[str], day: date) -> Iterable[Planned]:
    for code in codes:
        try:
            yield planned(code, day)
        except Refused:
            continue


def plan_of(draft: Draft) -> Planned:
    """What a draft applies for: its item, or its bundle with the parts chosen."""
    if draft.bundle is None:
        return planned(draft.item.code)
    return bundled(draft.bundle, draft.typed.get("parts"))


def items_of(draft: Draft) -> list[ServiceItem]:
    """The items a draft applies for."""
    plan = plan_of(draft)
    return [one.item for one in plan.parts] if isinstance(plan, Bundled) else [plan.item]


def merged(bundle: Bundle, contents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One content of several: each field and document once."""
    joined = {
        key: [one for content in contents for one in content.get(key, [])]
        for key in ("conditions", "legal_basis", "questions")
    }
    return {
        **joined,
        "title": bundle.title,
        "title_en": bundle.title_en,
        "summary": bundle.summary,
        "summary_en": bundle.summary_en,
        "fields": list(dict.fromkeys(one for content in contents for one in content["fields"])),
        "asked_when": _asked_when(contents),
        "materials": _materials(contents),
        "promised": _longest([content["promised"] for content in contents]),
        "after_death": all(content.get("after_death") for content in contents),
        "channels": [
            one for one in contents[0].get("channels", [])
            if all(one in content.get("channels", []) for content in contents)
        ],
    }  # fmt: skip


def _asked_when(contents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What every part that has an item asks on the same condition; else the item is always asked."""
    found: dict[str, list[Any]] = {}
    for content in contents:
        for code in content["fields"]:
            found.setdefault(code, []).append((content.get("asked_when") or {}).get(code))
    return {
        code: whens[0] for code, whens in found.items()
        if whens[0] and all(one == whens[0] for one in whens)
    }  # fmt: skip


def _materials(contents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in (need for content in contents for need in content.get("materials", [])):
        required = one.get("required", True) or found.get(one["code"], {}).get("required", False)
        found[one["code"]] = {**found.get(one["code"], one), "required": required}
    return list(found.values())


def _longest(limits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    now, days = timezone.now(), calendar()
    return max(limits, key=lambda one: deadline(now, int(one["amount"]), Unit(one["unit"]), days))


@dataclass(frozen=True)
class Progress:
    """How far a bundle is: its parts, how many are done, and when the last is due."""

    parts: list[Matter]

    @property
    def done(self) -> int:
        return sum(one.state not in OPEN for one in self.parts)

    @property
    def percent(self) -> int:
        return round(self.done * 100 / len(self.parts)) if self.parts else 0

    @property
    def last_due(self) -> Any:
        return max((one.due_at for one in self.parts), default=None)


def progress_of_case(case: BundleCase) -> Progress:
    """All parts of a bundle; whoever sees one part is told where the others stand."""
    rows = case.parts.select_related("item", "version", "division").order_by("pk")
    return Progress(list(rows))
