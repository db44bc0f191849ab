"""An assessment begins with what is held; one that should not have been is withdrawn."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.assessments.models import PersonAssessment, Scale
from yiwang.assessments.reads import prefilled, scale_in_force
from yiwang.assessments.rules.states import MOVES, OPEN, Reason, State
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.models import Resident


@act("assessments.assess")
def begin_assessment(
    resident: Resident, *, scale: str = "ability", reason: str = "", by: Actor
) -> PersonAssessment:
    """A draft for a living resident, filled with what the register holds.

    Without a reason it is the first, or the one that was due. While an objection waits it is the
    second assessment, which those who made the first may not make. Raises Refused: not_live,
    no_scale, too_young, open_one, same_assessor.
    """
    lock(resident)
    day = timezone.localdate(moment())
    if not resident.is_live:
        raise Refused("not_live", _("这位居民的档案已注销或迁出，不能评估。"))
    form = scale_in_force(scale, day)
    if form is None:
        raise Refused("no_scale", _("没有这份评估表，或还没有起用。"))
    _must_be_of_age(resident, form)
    mine = PersonAssessment.objects.filter(resident=resident)
    if mine.filter(state__in=OPEN).exists():
        raise Refused("open_one", _("这位居民还有一次没有完成的评估。"))
    before = mine.newest().filter(scale__code=scale).first()
    doubted = before if before is not None and before.objected_on else None
    if doubted is not None:
        must_be_another(doubted, by)
    found = PersonAssessment(
        resident=resident, division_id=resident.division_id, scale=form, again_of=doubted,
        reason=_why(reason, before, doubted), first_by=by.label[:160], first_user_id=by.user_id,
    )  # fmt: skip
    held = prefilled(resident, form, by, day)
    found.content = {"answers": {}, "conditions": [], "facts": held.facts, "asked": []}
    found.save()
    note(reason=found.reason, known=len(held.known))
    return found


@act("assessments.assess")
def withdraw_assessment(
    assessment: PersonAssessment, *, reason: str, by: Actor
) -> PersonAssessment:
    """What is not in force yet is given up; it stays readable. Raises Refused: settled, reason_needed."""
    lock(assessment)
    must_move(assessment, State.WITHDRAWN)
    if len(clean_text(reason)) < 2:
        sentence = _("请写明原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    assessment.state = State.WITHDRAWN
    assessment.save()
    return assessment


def must_move(assessment: PersonAssessment, state: State) -> None:
    """Raises Refused settled when the table of moves does not lead there."""
    if state not in MOVES[assessment.state]:
        raise Refused("settled", _("这次评估现在不能这样处理。"))


def must_be_another(first: PersonAssessment, by: Actor) -> None:
    """Raises Refused same_assessor: a doubted grade is not judged by those who gave it."""
    if by.user_id and by.user_id in (first.first_user_id, first.second_user_id):
        raise Refused("same_assessor", _("有异议的复评，要由没有参加上次评估的人来做。"))


def _must_be_of_age(resident: Resident, form: Scale) -> None:
    name = form.form.age_parameter
    if not name:
        return
    years, age = int(parameter(name)), resident.age()
    if age is None:
        raise Refused("too_young", _("档案里没有出生日期，请先补上。"))
    if age < years:
        said = _("这份评估表用于 %(years)s 周岁以上的老年人。") % {"years": years}
        raise Refused("too_young", said)


def _why(reason: str, before: PersonAssessment | None, doubted: PersonAssessment | None) -> str:
    if doubted is not None:
        return Reason.DOUBTED
    if before is None:
        return Reason.FIRST
    return Reason.CHANGED if reason == Reason.CHANGED else Reason.ROUTINE
