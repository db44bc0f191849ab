"""What a clerk says about a pair: same, different, or not yet sure; and a look behind the mask."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.linkage.models import Pair
from yiwang.residents.actions import reveal_field
from yiwang.residents.models import Resident

from .merging import merge_residents, survivor_of


@act("linkage.review")
def answer_pair(
    pair: Pair,
    *,
    answer: str,
    survivor: int | None = None,
    surely_same: bool = False,
    by: Actor,
) -> Pair:
    """Same merges both records (`survivor` by choice, else by rule); different is remembered.

    Raises Refused: already_answered, unknown_answer, not_of_this_pair, and what merging refuses.
    """
    lock(pair)
    if pair.answer in {Pair.Answer.SAME, Pair.Answer.DIFFERENT}:
        raise Refused("already_answered", _("这一对已经有人核对过了。"))
    if answer not in {Pair.Answer.SAME, Pair.Answer.DIFFERENT, Pair.Answer.UNSURE}:
        raise Refused("unknown_answer", _("请回答：同一人、不是同一人，或暂不能确定。"))
    note(answer=[pair.answer, answer])
    pair.answer, pair.answered_at, pair.answered_by = answer, moment(), by.label[:160]
    pair.save()
    if answer == Pair.Answer.SAME:
        kept = _kept(pair, survivor)
        gone = pair.right if kept.pk == pair.left_id else pair.left
        merge_residents(kept, other=gone, pair=pair, surely_same=surely_same, by=by)
    return pair


@act("linkage.review")
def reveal_pair(pair: Pair, *, field: str, reason: str, by: Actor) -> dict[int, str]:
    """A whole value of both records, by record; each look is journaled on its own record.

    Gives what is held. Raises Refused: reason_needed, and PermissionDenied for a side not reached.
    """
    found: dict[int, str] = {}
    for side in (pair.left, pair.right):
        try:
            found[side.pk] = reveal_field(side, field=field, reason=reason, by=by)
        except Refused as refusal:
            if refusal.code != "nothing_held":
                raise
    return found


def _kept(pair: Pair, survivor: int | None) -> Resident:
    if survivor is None:
        return survivor_of(pair.left, pair.right)
    for side in (pair.left, pair.right):
        if side.pk == survivor:
            return side
    raise Refused("not_of_this_pair", _("要保留的档案不在这一对里。"))
