"""Several places become one, one becomes several."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, Level, Review, Succession
from yiwang.divisions.rules.matching import Listed

from .decision import Decision, NewPlace
from .followers import Followers
from .nursery import Nursery
from .rekeying import Closing, Outcome, Rekeying


@dataclass(frozen=True)
class Part:
    """One of the places a division is split into, and the keys of the places it takes along."""

    place: NewPlace
    children: tuple[int, ...] = ()


@act("divisions.change")
def merge_divisions(
    parent: Division,
    *,
    merged: Sequence[Division],
    into: NewPlace | Division,
    decision: Decision,
    by: Actor,
    listing: Sequence[Listed] = (),
) -> Change:
    """Merge places of one parent into a new place or into one that stays.

    Everything in them gets new keys; with an official `listing` of the new area, names decide who
    is who, and what they cannot decide goes to the review queue. Raises Refused.
    """
    decision.check(merged)
    _check_merger(parent, merged, into)
    nursery = Nursery(decision)
    if isinstance(into, NewPlace):
        heir = nursery.place(parent, into)
        _inherit(heir, merged)
    else:
        decision.must_above(by, into)
        heir = into
    old = Closing.below(merged)
    Closing.close(old, decision)
    nursery.save(decision.document[:200])
    change = decision.record(Change.Type.MERGE, heir)
    roots = {one.pk: heir for one in merged}
    rekeying = Rekeying(change, decision, roots, nursery, listing)
    outcome = rekeying.run(old, [parent.name, heir.name, *(one.name for one in merged)])
    names = {"predecessors": [one.name for one in merged], "successors": [heir.name]}
    return _told(change, outcome, **names)


def _check_merger(parent: Division, merged: Sequence[Division], into: NewPlace | Division) -> None:
    if len(merged) < (2 if isinstance(into, NewPlace) else 1):
        raise Refused("too_few", _("合并为新区划时，至少选择两个区划。"))
    if len({one.pk for one in merged}) < len(merged):
        raise Refused("twice", _("同一区划选择了两次。"))
    if any(one.parent_id != parent.pk for one in merged):
        raise Refused("other_parent", _("合并的区划须同属“%(name)s”。") % {"name": parent.name})
    if isinstance(into, Division):
        _check_survivor(merged, into)


def _check_survivor(merged: Sequence[Division], into: Division) -> None:
    if into.valid_to is not None:
        raise Refused("closed", _("“%(name)s”已终止，不能并入。") % {"name": into.name})
    if any(one.area.holds(into.pk) for one in merged):
        raise Refused("heir_inside", _("并入的区划不能是被合并的区划，也不能在它之内。"))
    if into.level != merged[0].level:
        raise Refused("other_level", _("只能并入同一层级的区划。"))


def _inherit(heir: Division, merged: Sequence[Division]) -> None:
    """What all predecessors agree on holds for the successor (DIV-03: targets are carried)."""
    for name in ("urban_core", "kiosk_phase", "settlement"):
        values = {getattr(one, name) for one in merged}
        if len(values) == 1:
            setattr(heir, name, values.pop())


@act("divisions.change")
def split_division(
    division: Division, *, parts: Sequence[Part], decision: Decision, by: Actor
) -> Change:
    """Split a place into new ones. Each child goes with the part that names it.

    Children nobody names, and the place's own live records, go to the first part and to the
    review queue. Raises Refused.
    """
    decision.check([division])
    decision.must_above(by, division)
    _check_parts(division, parts)
    nursery = Nursery(decision)
    parent = division.parent
    assert parent is not None  # noqa: S101 - _check_parts refuses the top
    places = [nursery.place(parent, part.place) for part in parts]
    for place in places:
        _inherit(place, [division])
    old = Closing.below([division])
    Closing.close(old, decision)
    nursery.save(decision.document[:200])
    homes = {key: place for part, place in zip(parts, places, strict=True) for key in part.children}
    own = Followers.count([division.pk])
    change = decision.record(Change.Type.SPLIT, places[0])
    rekeying = Rekeying(change, decision, {division.pk: places[0]}, nursery, homes=homes)
    outcome = rekeying.run(old)
    Succession.objects.bulk_create(
        Succession(change=change, predecessor=division, successor=place) for place in places[1:]
    )
    stray = [
        outcome.heirs[one.pk] for one in old if one.parent_id == division.pk and one.pk not in homes
    ]
    outcome.counts["reviews"] += _ask(change, [*stray, *([places[0].pk] if own else [])])
    names = {"predecessors": [division.name], "successors": [one.name for one in places]}
    return _told(change, outcome, **names)


def _check_parts(division: Division, parts: Sequence[Part]) -> None:
    if division.parent is None or division.level <= Level.CITY:
        raise Refused("too_high", _("市及以上的区划不在本系统内拆分。"))
    if len(parts) < 2:
        raise Refused("too_few", _("拆分至少要有两个部分。"))
    claimed = [key for part in parts for key in part.children]
    if len(set(claimed)) < len(claimed):
        raise Refused("twice", _("同一下级区划归到了两个部分。"))
    if any(not division.area.holds(key) for key in claimed):
        raise Refused(
            "not_inside", _("归到各部分的须是“%(name)s”的下级。") % {"name": division.name}
        )


def _ask(change: Change, keys: Sequence[int]) -> int:
    Review.objects.bulk_create(
        Review(change=change, division_id=key, topic=Review.Topic.UNASSIGNED) for key in keys
    )
    return len(keys)


def _told(change: Change, outcome: Outcome, **facts: object) -> Change:
    change.facts = {**facts, **outcome.facts()}
    change.save(update_fields=["facts", "updated_at"])
    note(document=change.document, effective_on=change.effective_on, **change.facts)
    return change
