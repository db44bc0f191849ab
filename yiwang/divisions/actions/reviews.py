"""Deciding what names could not decide."""

from enum import StrEnum

from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, lock, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Review, Succession

from .decision import Decision
from .founding import abolish_division
from .joining import merge_divisions
from .moving import rename_division


class Way(StrEnum):
    """What became of the place."""

    KEEP = "keep"
    HEIR = "heir"
    RENAME = "rename"
    ABOLISH = "abolish"


@act("divisions.review")
def decide_review(
    review: Review,
    *,
    way: Way,
    by: Actor,
    heir: Division | None = None,
    decision: Decision | None = None,
    reason: str = "",
) -> Review:
    """Settle an open question.

    Keep the place; or it goes on in `heir` (for a newcomer: `heir` goes on in it); or it takes the
    name of the list; or it ended. All but keeping need the decision. Raises Refused.
    """
    lock(review)
    if review.state != Review.State.OPEN:
        raise Refused("decided", _("这一条已经处理过了。"))
    if way != Way.KEEP:
        _apply(review, way, heir, decision or Decision("", None), by)
    review.state = Review.State.DECIDED
    review.decision = {
        "how": str(way), "key": heir.pk if heir else None, "reason": reason[:300],
        "by": by.label[:160], "document": decision.document if decision else "",
    }  # fmt: skip
    review.save(update_fields=["state", "decision", "updated_at"])
    note(**review.decision, topic=review.topic)
    return review


def _apply(review: Review, way: Way, heir: Division | None, decision: Decision, by: Actor) -> None:
    division = review.division
    if way == Way.ABOLISH:
        abolish_division(division, decision=decision, by=by)
    elif way == Way.RENAME:
        name = review.facts.get("new")
        if not name:
            raise Refused("no_name", _("这一条没有可以采用的新名称。"))
        rename_division(division, name=name, decision=decision, by=by)
    else:
        _join(review, heir, decision, by)


def _join(review: Review, heir: Division | None, decision: Decision, by: Actor) -> None:
    if heir is None:
        raise Refused("heir_missing", _("请选择对应的区划。"), {"heir": _("请选择对应的区划。")})
    newcomer = review.topic == Review.Topic.NEWCOMER
    gone, stays = (heir, review.division) if newcomer else (review.division, heir)
    if gone.parent is None:
        raise Refused("too_high", _("最高一级区划不能并入别处。"))
    if gone.valid_to is not None:
        _name_heir(review, gone, stays)
        return
    merge_divisions(gone.parent, merged=[gone], into=stays, decision=decision, by=by)


def _name_heir(review: Review, gone: Division, stays: Division) -> None:
    """A place that has ended already: only its descent is written, nothing is left to move."""
    if stays.level != gone.level or stays.pk == gone.pk:
        raise Refused("heir_invalid", _("承接的区划须是同一层级的另一个区划。"))
    change = review.change or gone.changes.order_by("-pk").first()
    if change is None:
        raise Refused("no_change", _("没有与“%(name)s”有关的变更。") % {"name": gone.name})
    Succession.objects.get_or_create(change=change, predecessor=gone, successor=stays)
