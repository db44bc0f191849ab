"""Two cases that are one, and what was taken for one and is two (INF-25)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Event, Extension, Matter, Pause
from yiwang.matters.rules import RUNNING, EventKind, State, StepState

from .ending import end_matter


@act("matters.merge")
def merge_matters(matter: Matter, *, other: Matter, reason: str, by: Actor) -> Matter:
    """Two open matters of one person are the same: `matter` goes on, `other` ends in it.

    The other keeps its file and number, which leads to this one. Raises Refused: same_matter,
    other_person, closed, reason_missing.
    """
    by.must("matters.merge", other)
    for one in sorted((matter, other), key=lambda row: row.pk):
        lock(one)
    _must_be_one(matter, other)
    words = clean_text(reason, multiline=True)[:500]
    if not words:
        raise Refused("reason_missing", _("请写明合并的理由。"), {"reason": "required"})
    was = _standing(matter, other)
    end_matter(other, State.WITHDRAWN, moment())
    other.merged_into = matter
    other.save(update_fields=["merged_into", "updated_at"])
    matter.units = sorted({*matter.units, *other.units})
    matter.save(update_fields=["units", "updated_at"])
    Event.tell(other, EventKind.MERGED, by, into=matter.number, was=was)
    Event.tell(matter, EventKind.MERGED, by, of=other.number)
    for one in (matter, other):
        Event.tell(one, EventKind.NOTED, by, words, shown=False)
    note(kept=matter.number, ended=other.number)
    return matter


def _must_be_one(matter: Matter, other: Matter) -> None:
    if matter.pk == other.pk:
        raise Refused("same_matter", _("请填另一件事项的编号。"), {"other": "same"})
    if matter.resident_id != other.resident_id:
        raise Refused(
            "other_person", _("两件事项不是同一位申请人，不能合并。"), {"other": "person"}
        )
    if not matter.is_open or not other.is_open:
        raise Refused("closed", _("只有都没有办完的事项才能合并。"), {"other": "closed"})


def _standing(matter: Matter, other: Matter) -> dict[str, Any]:
    """How the other stood, as its line keeps it: enough to let it stand again."""
    asked = other.extensions.filter(state=Extension.State.ASKED)
    return {
        "state": other.state,
        "steps": {str(one.pk): one.state for one in other.steps.unsettled()},
        "pauses": list(other.pauses.filter(ended_at=None).values_list("pk", flat=True)),
        "extensions": list(asked.values_list("pk", flat=True)),
        "units": sorted(set(other.units) - set(matter.units)),
    }


@act("matters.merge")
def split_matters(matter: Matter, *, reason: str, by: Actor) -> Matter:
    """Take a merge back: `matter` ended in another one and stands again as it stood before.

    What was done on the other one stays there. The time between counts as a pause. Raises Refused:
    not_merged, too_late after `matters.split_days` days, reason_missing.
    """
    kept = _merged_into(matter)
    by.must("matters.merge", kept)
    words = clean_text(reason, multiline=True)[:500]
    if not words:
        raise Refused("reason_missing", _("请写明撤销合并的理由。"), {"reason": "required"})
    line = matter.events.filter(kind=EventKind.MERGED, facts__has_key="was").latest("pk")
    now, was = moment(), line.facts["was"]
    days = int(parameter("matters.split_days"))
    if now > line.at + timedelta(days=days):
        last = timezone.localdate(line.at + timedelta(days=days))
        said = {"days": days, "day": last.isoformat()}
        raise Refused("too_late", _("合并只能在 %(days)s 天内撤销，已于 %(day)s 到期。") % said)
    matter.merged_into = None
    _stand_again(matter, was, line, words)
    own = set(kept.steps.values_list("unit_id", flat=True)) | {kept.acceptor_unit_id}
    kept.units = sorted(set(kept.units) - (set(was["units"]) - own))
    kept.save(update_fields=["units", "updated_at"])
    Event.tell(matter, EventKind.SPLIT, by, of=kept.number)
    Event.tell(kept, EventKind.SPLIT, by, of=matter.number)
    for one in (matter, kept):
        Event.tell(one, EventKind.NOTED, by, words, shown=False)
    note(stands=matter.number, kept=kept.number)
    return matter


def may_split(matter: Matter) -> bool:
    """Whether a merge of this one may still be taken back."""
    if matter.merged_into_id is None or matter.finished_at is None:
        return False
    return moment() <= matter.finished_at + timedelta(days=int(parameter("matters.split_days")))


def _merged_into(matter: Matter) -> Matter:
    """The matter that goes on; both locked in the order in which they are merged."""
    pair = sorted({matter.pk, matter.merged_into_id or matter.pk})
    for pk in pair:
        lock(matter if pk == matter.pk else Matter(pk=pk))
    if matter.merged_into_id is None:
        raise Refused("not_merged", _("这件事没有并入别的事项。"))
    return Matter.objects.get(pk=matter.merged_into_id)


def _stand_again(matter: Matter, was: dict[str, Any], line: Event, reason: str) -> None:
    """State, steps, pauses and requests as they stood; a running clock stood still meanwhile."""
    by_state: dict[str, list[str]] = {}
    for key, state in was["steps"].items():
        by_state.setdefault(state, []).append(key)
    for state, keys in by_state.items():
        matter.steps.filter(pk__in=keys, state=StepState.CANCELLED).update(state=state)
    matter.state, matter.finished_at = State(was["state"]), None
    matter.save(update_fields=["state", "finished_at", "merged_into", "updated_at"])
    matter.pauses.filter(pk__in=was["pauses"]).update(ended_at=None)
    asked = matter.extensions.filter(pk__in=was["extensions"])
    asked.update(state=Extension.State.ASKED, decided_at=None)
    if matter.state in RUNNING:
        stood = Pause(matter=matter, started_at=line.at, kind="merged", reason=reason)
        stood.save()
        stood.end(moment())
