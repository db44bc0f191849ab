"""Scores become a grade: handed over, confirmed by a second person, objected to."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.rules.scale import missing_items, outcome
from yiwang.assessments.rules.states import State
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.actions import record_facts
from yiwang.tags.rules.validity import months_after

from .starting import must_be_another, must_move

_ENOUGH = 2


@act("assessments.assess")
def submit_scores(
    assessment: PersonAssessment, *, on: date | None = None, by: Actor
) -> PersonAssessment:
    """All is scored: to the second assessor, or in force where the form asks for one alone.

    `on` is the day of the visit, today without it. Raises Refused: settled, future, incomplete
    with a sentence for each item that lacks a score.
    """
    lock(assessment)
    form, content = assessment.scale.form, assessment.content
    must_move(assessment, State.SUBMITTED)
    day = on or timezone.localdate(moment())
    if day > timezone.localdate(moment()):
        sentence = _("评估日期不能在以后。")
        raise Refused("future", sentence, {"on": sentence})
    must = _("请选择一项。")
    faults = {item.code: must for item in missing_items(form, content["answers"])}
    faults |= {code: must for code in form.facts if not content["facts"].get(code)}
    if faults:
        said = _("还有 %(count)s 项没有评。") % {"count": len(faults)}
        raise Refused("incomplete", said, faults)
    found = outcome(form, content["answers"], content["conditions"], content["facts"])
    assessment.content = content | {"parts": dict(found.parts), "by_score": found.by_score}
    assessment.total, assessment.assessed_on = found.total, day
    assessment.grade, assessment.subsidy = found.grade, found.subsidy
    assessment.first_by, assessment.first_user_id = by.label[:160], by.user_id
    assessment.state = State.SUBMITTED
    if assessment.again_of is not None:
        must_be_another(assessment.again_of, by)
    if form.assessors == 1:
        _into_force(assessment, by)
    assessment.save()
    note(state=assessment.state)
    return assessment


@act("assessments.assess")
def confirm_scores(assessment: PersonAssessment, *, by: Actor) -> PersonAssessment:
    """The second assessor was there and agrees: the grade holds from the day of the visit.

    Raises Refused: settled, same_person, same_assessor.
    """
    lock(assessment)
    if assessment.state != State.SUBMITTED:
        raise Refused("settled", _("这次评估现在不能这样处理。"))
    if by.user_id is not None and by.user_id == assessment.first_user_id:
        raise Refused("same_person", _("要由另一位评估人确认：两个人评估，结果才有效。"))
    if assessment.again_of is not None:
        must_be_another(assessment.again_of, by)
    assessment.second_by, assessment.second_user_id = by.label[:160], by.user_id
    _into_force(assessment, by)
    assessment.save()
    note(until=assessment.valid_until)
    return assessment


@act("assessments.assess")
def return_scores(assessment: PersonAssessment, *, reason: str, by: Actor) -> PersonAssessment:
    """The second assessor does not agree: scored again. Raises Refused: settled, reason_needed."""
    lock(assessment)
    must_move(assessment, State.DRAFT)
    if len(clean_text(reason)) < _ENOUGH:
        sentence = _("请写明原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    assessment.state, assessment.total = State.DRAFT, None
    assessment.grade = assessment.subsidy = ""
    assessment.assessed_on = None
    assessment.save()
    return assessment


@act("assessments.object")
def object_to_grade(assessment: PersonAssessment, *, words: str, by: Actor) -> PersonAssessment:
    """The person, or the community for her, doubts the grade: others assess her again.

    The grade holds until then. Raises Refused: not_newest, objected, too_late, words_needed.
    """
    lock(assessment)
    day, said = timezone.localdate(moment()), clean_text(words)[:500]
    mine = PersonAssessment.objects.for_holder(assessment.resident)
    if mine.first() != assessment or not assessment.holds_on(day):
        raise Refused("not_newest", _("只能对正在生效的最近一次评估提出异议。"))
    if assessment.objected_on is not None:
        raise Refused("objected", _("已经提出过异议，正在安排复评。"))
    limit = int(parameter("assessments.objection_days"))
    confirmed = assessment.decided_on
    if confirmed is not None and day > confirmed + timedelta(days=limit):
        raise Refused("too_late", _("超过 %(days)s 天，不能再提出异议。") % {"days": limit})
    if len(said) < _ENOUGH:
        sentence = _("请写明对哪一项有异议。")
        raise Refused("words_needed", sentence, {"words": sentence})
    assessment.objected_on, assessment.objected_by = day, by.label[:160]
    assessment.objection = said
    assessment.save()
    return assessment


def _into_force(assessment: PersonAssessment, by: Actor) -> None:
    """The grade holds; what was newly told about the person is kept for all that follows."""
    form, content = assessment.scale.form, assessment.content
    day = assessment.assessed_on or timezone.localdate(moment())
    months = int(parameter("assessments.valid_months", on=day))
    assessment.state = State.FINAL
    assessment.decided_on = timezone.localdate(moment())
    assessment.valid_until = months_after(day, months) - timedelta(days=1)
    values = {code: content["facts"][code] for code in content["asked"]}
    if form.kept_as:
        values[form.kept_as] = assessment.grade
    record_facts(
        assessment.resident, values=values, source_kind="visit", source_label=form.title.name,
        collected_on=day, reference=f"assessment:{assessment.pk}",
        by=by.within_act("residents.confirm"),
    )  # fmt: skip
