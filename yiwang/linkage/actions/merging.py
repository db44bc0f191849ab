"""Merging two records of one person, by a named person or by one and the same identity number."""

import json
from dataclasses import asdict

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.linkage.models import Merge, Pair
from yiwang.linkage.rules.places import common_place
from yiwang.residents.actions import join_records, part_records
from yiwang.residents.models import LifeState, Resident


@act("linkage.merge")
def merge_residents(
    survivor: Resident,
    *,
    other: Resident,
    reason: str = "",
    pair: Pair | None = None,
    surely_same: bool = False,
    by: Actor,
) -> Merge:
    """Let `survivor` go on for both; whoever merges must reach both records.

    A score never merges, only a person with a name does (EXP-67); one and the same number is never
    held by two records.
    `surely_same` answers the question that two different numbers raise. Raises Refused:
    numbers_differ, nobody_decided, and what `join_records` refuses.
    """
    by.must("linkage.merge", other)
    if by.user_id is None:
        raise Refused("nobody_decided", _("合并档案要由具名的人决定，系统不能按分数合并。"))
    both = survivor.identity_hash and other.identity_hash and survivor.pk != other.pk
    if both and not surely_same:
        sentence = _("两份档案的身份证号不同。请当面核对；确是同一人的，勾选确认后再合并。")
        raise Refused("numbers_differ", sentence, {"surely_same": sentence})
    trace = join_records(survivor, other=other, by=by.within_act("residents.join"))
    note(other=other.pk)
    return Merge.objects.create(
        division_id=common_place(survivor.division_id, other.division_id),
        survivor=survivor,
        other=other,
        pair=pair,
        reason=reason.strip()[:300],
        sealed_trace=json.dumps(asdict(trace), ensure_ascii=False),
        by_label=by.label[:160],
    )


@act("linkage.merge")
def undo_merge(merge: Merge, *, by: Actor) -> Merge:
    """Both records as they were before. Raises Refused: already_undone, merged_on, number_taken."""
    lock(merge)
    if merge.undone_at:
        raise Refused("already_undone", _("这次合并已经撤销。"))
    part_records(
        merge.survivor,
        other=merge.other,
        trace=merge.trace,
        by=by.within_act("residents.join"),
    )
    merge.undone_at, merge.undone_by = moment(), by.label[:160]
    merge.save()
    if merge.pair is not None:
        pair = merge.pair
        pair.answer, pair.answered_at, pair.answered_by = Pair.Answer.OPEN, None, ""
        pair.save()
    return merge


def survivor_of(left: Resident, right: Resident) -> Resident:
    """Which record goes on by rule: the live one, then one with a number, then the older one."""
    return max(
        (left, right),
        key=lambda one: (one.state == LifeState.LIVE, one.identity_hash is not None, -one.pk),
    )
