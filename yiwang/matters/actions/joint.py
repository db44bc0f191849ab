"""Joint handling: the lead asks, each unit answers within a limit, the resident gets one answer."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Event, Matter, Opinion, Step
from yiwang.matters.rules import EventKind

from .steps import _running


@act("matters.handle")
def ask_opinion(
    step: Step, *, unit: Unit, question: str, by: Actor, days: int | None = None
) -> Opinion:
    """Ask another unit for its opinion on a step; the own unit stays the lead.

    `days`: working days to answer in, at most until the step itself is due. Raises Refused:
    own_unit, unit_closed, question_missing, asked_already, days.
    """
    _running(step)
    words = clean_text(question, multiline=True)[:1000]
    if unit.pk == step.unit_id:
        raise Refused("own_unit", _("本单位就是牵头单位，请选别的单位。"), {"unit": "own"})
    if unit.closed_on is not None:
        raise Refused("unit_closed", _("%(unit)s已撤销，不能会办。") % {"unit": unit.label})
    if not words:
        raise Refused("question_missing", _("请写明请对方看什么。"), {"question": "required"})
    if Opinion.objects.filter(step=step, unit=unit).missing().exists():
        raise Refused("asked_already", _("已经请%(unit)s会办，正在等意见。") % {"unit": unit.label})
    allowed = int(parameter("matters.opinion_days")) if days is None else days
    if allowed < 1:
        raise Refused("days", _("会办期限至少一个工作日。"), {"days": "min"})
    now, matter = moment(), step.matter
    due = deadline(now, allowed, TimeUnit.WORKING_DAYS, calendar())
    found = Opinion.objects.create(
        matter=matter, step=step, unit=unit, division_id=unit.division_id, question=words,
        asked_at=now, asked_by=by.label[:160], due_at=min(due, step.due_at or due),
    )  # fmt: skip
    if unit.pk not in matter.units:
        matter.units = sorted({*matter.units, unit.pk})
        matter.save(update_fields=["units", "updated_at"])
    Event.tell(matter, EventKind.OPINION_ASKED, by, step=step.name, to=unit.name)
    _for_colleagues(matter, by, words)
    note(unit=unit.name, due=found.due_at)
    return found


@act("matters.handle")
def give_opinion(opinion: Opinion, *, agreed: bool, text: str, by: Actor) -> Opinion:
    """Answer what the own unit was asked. Raises Refused: answered, text_missing, ended."""
    lock(opinion.matter)
    opinion.refresh_from_db()
    if not opinion.is_missing:
        raise Refused("answered", _("这件会办已经答复，或牵头单位不再等待。"))
    if not opinion.matter.is_open:
        raise Refused("ended", _("事项已经办完，不用再给意见。"))
    words = clean_text(text, multiline=True)[:1000]
    if not words:
        raise Refused("text_missing", _("请写明会办意见。"), {"text": "required"})
    opinion.agreed, opinion.text = agreed, words
    opinion.given_at, opinion.given_by = moment(), by.label[:160]
    opinion.save()
    step = opinion.step.name
    Event.tell(opinion.matter, EventKind.OPINION_GIVEN, by, step=step, agreed=agreed)
    _for_colleagues(opinion.matter, by, words)
    note(agreed=agreed, late=opinion.is_late(opinion.given_at))
    return opinion


@act("matters.handle")
def waive_opinions(step: Step, *, reason: str, by: Actor) -> Step:
    """The lead goes on without what is missing, with a reason on record.

    Raises Refused: nothing_missing, reason_missing.
    """
    _running(step)
    words = clean_text(reason, multiline=True)[:500]
    missing = Opinion.objects.filter(step=step).missing()
    names = list(missing.values_list("unit__name", flat=True))
    if not names:
        raise Refused("nothing_missing", _("没有在等的会办意见。"))
    if not words:
        raise Refused("reason_missing", _("请写明不再等待的理由。"), {"reason": "required"})
    missing.update(waived_at=moment(), waived_by=by.label[:160], waived_reason=words)
    Event.tell(step.matter, EventKind.OPINION_WAIVED, by, step=step.name, to="、".join(names))
    _for_colleagues(step.matter, by, words)
    note(units=names)
    return step


def _for_colleagues(matter: Matter, by: Actor, text: str) -> None:
    """What offices write to each other is not for the resident's eyes: she gets one answer."""
    Event.tell(matter, EventKind.NOTED, by, text, shown=False)
