"""A unit discusses a matter that came back or was rated badly (QUA-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.matters.models import Matter
from yiwang.quality.models import Discussion, Participant, Promise
from yiwang.quality.reads.discussions import cases_of


@dataclass(frozen=True)
class Talk:
    """What was discussed, when, by whom, and what follows from it."""

    matter: Matter
    held_on: date
    posts: Sequence[Post]
    lessons: str
    measures: str
    promise: Promise | None = None


@act("quality.discuss")
def record_discussion(unit: Unit, *, talk: Talk, by: Actor) -> Discussion:
    """Keep what a unit learned. Raises Refused: not_a_case, in_future, nobody, text_missing, twice."""
    if not cases_of(unit).filter(pk=talk.matter.pk).exists():
        message = _("只讨论本单位受理或承办、被退回或评价不满意的事项。")
        raise Refused("not_a_case", message, {"matter": message})
    if talk.held_on > timezone.localdate(moment()):
        message = _("讨论日期不能在今天以后。")
        raise Refused("in_future", message, {"held_on": message})
    if not talk.posts or any(one.unit_id != unit.pk for one in talk.posts):
        message = _("请选择本单位参加讨论的人。")
        raise Refused("nobody", message, {"posts": message})
    if not (talk.lessons.strip() and talk.measures.strip()):
        message = _("请写明教训和改进措施。")
        raise Refused("text_missing", message, {"lessons": message})
    if talk.promise is not None and talk.promise.unit_id != unit.pk:
        raise Refused("promise", _("这不是本单位的承诺。"), {"promise": "other"})
    held = {"unit": unit, "matter": talk.matter, "held_on": talk.held_on}
    if Discussion.objects.filter(**held).exists():
        raise Refused("twice", _("这一天已经登记过这件事的讨论。"))
    made = Discussion.objects.create(
        **held, division_id=unit.division_id, promise=talk.promise, by_label=by.label[:160],
        lessons=talk.lessons.strip()[:1000], measures=talk.measures.strip()[:1000],
    )  # fmt: skip
    seats = {one.pk: Participant(discussion=made, post=one) for one in talk.posts}
    Participant.objects.bulk_create(seats.values())
    note(matter=talk.matter.number, posts=sorted(seats))
    return made
