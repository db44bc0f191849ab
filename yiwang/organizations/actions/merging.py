"""Two records of one organisation become one, and two again (INF-03, EXP-52)."""

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models.references import hand_back, hand_over, references_to
from yiwang.linkage.rules.places import common_place
from yiwang.organizations.models import Merge, Organization
from yiwang.organizations.rules.states import LifeState

from .settling import settle

_ENOUGH = 2


@act("organizations.merge")
def merge_organizations(
    survivor: Organization, *, other: Organization, reason: str, by: Actor
) -> Merge:
    """Let `survivor` go on for both; whoever merges must reach both records.

    Columns are derived from the source records of both; papers, resources and the standing as a
    service subject follow, unless the survivor has its own. Raises Refused: nobody_decided,
    reason_needed, same_record, not_live, codes_differ.
    """
    by.must("organizations.merge", other)
    _must_be_decided(reason, by)
    _lock_both(survivor, other)
    _must_be_two(survivor, other)
    before, moved = other.state, {}
    for model, name in references_to(Organization):
        if keys := hand_over((model, name), other, survivor):
            moved[f"{model._meta.label_lower}.{name}"] = keys
    other.state, other.merged_into = LifeState.MERGED, survivor
    other.save()
    settle(survivor)
    note(other=other.pk, references=sum(map(len, moved.values())))
    return Merge.objects.create(
        division_id=common_place(survivor.division_id, other.division_id),
        survivor=survivor, other=other, reason=reason.strip()[:300], before=before, moved=moved,
        by_label=by.label[:160],
    )  # fmt: skip


@act("organizations.merge")
def undo_merge(merge: Merge, *, by: Actor) -> Merge:
    """Both records as they were; what was told since stays with the survivor.

    Raises Refused: already_undone, merged_on, code_taken.
    """
    lock(merge)
    if merge.undone_at:
        raise Refused("already_undone", _("这次合并已经撤销。"))
    survivor, other = merge.survivor, merge.other
    _lock_both(survivor, other)
    if other.merged_into_id != survivor.pk:
        raise Refused("merged_on", _("合并后又并入了别的记录，请先撤销后一次合并。"))
    hand_back(merge.moved, other, survivor)
    other.state, other.merged_into, other.credit_code = merge.before, None, ""
    try:
        with transaction.atomic():
            other.save()
            settle(survivor)
            settle(other)
    except Refused as fault:
        sentence = _("合并后这个代码又登记了新的记录，不能撤销合并。")
        raise Refused("code_taken", sentence) from fault
    merge.undone_at, merge.undone_by = moment(), by.label[:160]
    merge.save()
    note(other=other.pk)
    return merge


def _must_be_decided(reason: str, by: Actor) -> None:
    if by.user_id is None:
        raise Refused("nobody_decided", _("合并要由具名的人决定。"))
    if len(reason.strip()) < _ENOUGH:
        sentence = _("请写明为什么是同一家。")
        raise Refused("reason_needed", sentence, {"reason": sentence})


def _lock_both(survivor: Organization, other: Organization) -> None:
    """In the order of their keys, so that two clerks never wait for each other in a ring."""
    for record in sorted((survivor, other), key=lambda one: one.pk):
        lock(record)


def _must_be_two(survivor: Organization, other: Organization) -> None:
    if survivor.pk == other.pk:
        raise Refused("same_record", _("这是同一份记录。"))
    if not (survivor.is_live and other.is_live):
        raise Refused("not_live", _("两份记录都在册才能合并。"))
    codes = {one.credit_code for one in (survivor, other) if one.credit_code}
    if len(codes) > 1:
        sentence = _("两份记录的统一社会信用代码不同，是两家单位，不能合并。")
        raise Refused("codes_differ", sentence)
