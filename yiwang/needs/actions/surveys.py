"""Surveys: questions in versions, a sample that can be drawn again, answers once a household."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.needs.models import Survey, SurveyAnswer, SurveyStop, SurveyVersion
from yiwang.needs.reads.frame import households_of
from yiwang.needs.rules.questionnaire import InvalidQuestion, clean_answers, read_questions, wanted
from yiwang.needs.rules.sampling import draw, sample_size
from yiwang.residents.rules.owned import already_held


@act("needs.survey")
def save_survey(
    division: Division,
    *,
    title: str,
    content: Sequence[Mapping[str, Any]],
    method: str = Survey.Method.SAMPLE,
    percent: int | None = None,
    least: int | None = None,
    due_on: date | None = None,
    survey: Survey | None = None,
    by: Actor,
) -> Survey:
    """A new survey of a division, or another version of one; answers keep theirs.

    Method and sample can be changed until the survey is opened. Raises Refused: invalid,
    elsewhere, closed, drawn.
    """
    name = _checked(title, content)
    found = survey or Survey(division=division, by_label=by.label[:160])
    if survey is not None:
        _must_go_on(survey, division)
    if found.state == Survey.State.DRAFT:
        found.method = Survey.Method(method)
        found.percent = percent or int(parameter("needs.sample_percent"))
        found.least = least or int(parameter("needs.sample_least"))
    found.title, found.due_on = name, due_on
    found.save()
    _keep_version(found, content, by)
    return found


@act("needs.survey")
def open_survey(survey: Survey, *, seed: int | None = None, by: Actor) -> Survey:
    """Draw the households and begin. Who knows the seed can draw the same again.

    Raises Refused: opened, nobody.
    """
    lock(survey)
    if survey.state != Survey.State.DRAFT:
        raise Refused("opened", _("这次调查已经开始。"))
    frame = households_of(survey.division_id)
    if not frame:
        raise Refused("nobody", _("这里还没有编入家庭的居民，没有可以调查的户。"))
    size = len(frame)
    if survey.method == Survey.Method.SAMPLE:
        size = sample_size(size, percent=survey.percent, least=survey.least)
    survey.seed = seed if seed is not None else secrets.randbelow(2**31)
    survey.households, survey.state = len(frame), Survey.State.OPEN
    survey.opened_on = timezone.localdate(moment())
    survey.save()
    SurveyStop.objects.bulk_create(
        SurveyStop(survey=survey, household_id=pk, order=at)
        for at, pk in enumerate(draw(frame, size, survey.seed), 1)
    )
    note(seed=survey.seed, households=len(frame), sample=size)
    return survey


@act("needs.answer")
def answer_survey(
    survey: Survey,
    *,
    stop: int,
    answers: Mapping[str, Any],
    door: str,
    interviewer: str = "",
    on: date | None = None,
    number: int | None = None,
    by: Actor,
) -> Survey:
    """What a household answered, once; `number` is the version that was asked (the newest).

    Raises Refused: not_open, no_stop, answered, no_version, future, invalid with a sentence for
    each question at fault.
    """
    lock(survey)
    found = _stop(survey, stop)
    if SurveyAnswer.objects.filter(stop=found).exists():
        raise Refused("answered", _("这一户已经录入。"))
    version = survey.versions.filter(number=number).first() if number else survey.version
    if version is None:
        raise Refused("no_version", _("没有这个版本的问卷。"))
    day = _day(on)
    kept, faults = clean_answers(version.questions, answers)
    if faults:
        raise Refused("invalid", " ".join(dict.fromkeys(faults.values())), faults)
    SurveyAnswer.objects.create(
        stop=found,
        version=version,
        answers=kept,
        wants=sorted(wanted(version.questions, kept)),
        door=SurveyAnswer.Door(door),
        on=day,
        interviewer=clean_text(interviewer)[:80] or by.label[:80],
        by_label=by.label[:160],
    )
    _mark(found, SurveyStop.State.ANSWERED)
    return survey


@act("needs.answer")
def mark_stop(survey: Survey, *, stop: int, state: str, by: Actor) -> Survey:
    """Nobody was met, or nobody wanted to answer; can be tried again.

    Raises Refused: not_open, no_stop, answered, invalid.
    """
    lock(survey)
    found = _stop(survey, stop)
    if found.state == SurveyStop.State.ANSWERED:
        raise Refused("answered", _("这一户已经录入。"))
    if state not in (SurveyStop.State.REFUSED, SurveyStop.State.ABSENT, SurveyStop.State.WAITING):
        raise Refused("invalid", _("没有这种情况。"))
    _mark(found, state)
    return survey


@act("needs.survey")
def close_survey(survey: Survey, *, by: Actor) -> Survey:
    """No more answers. Raises Refused not_open."""
    lock(survey)
    _must_be_open(survey)
    survey.state, survey.closed_on = Survey.State.CLOSED, timezone.localdate(moment())
    survey.save()
    return survey


def _checked(title: str, content: Sequence[Mapping[str, Any]]) -> str:
    """The title as kept, once title and questions hold. Raises Refused invalid."""
    name = clean_text(title)[:80]
    if not name:
        raise Refused("invalid", _("请填写调查名称。"), {"title": _("请填写调查名称。")})
    try:
        for question in read_questions(content):
            if held := already_held(question.text, question.text_en, question.code):
                raise InvalidQuestion(held)
    except (InvalidQuestion, KeyError, TypeError) as fault:
        raise Refused("invalid", str(fault), {"questions": str(fault)}) from fault
    return name


def _keep_version(found: Survey, content: Sequence[Mapping[str, Any]], by: Actor) -> None:
    """Another version where the questions are others than before."""
    last = found.version
    if last is None or last.content != list(content):
        SurveyVersion.objects.create(
            survey=found,
            number=last.number + 1 if last else 1,
            content=list(content),
            by_label=by.label[:160],
        )


def _day(on: date | None) -> date:
    """The day it was asked, today unless said. Raises Refused future."""
    today = timezone.localdate(moment())
    if on is not None and on > today:
        sentence = _("日期还没有到。")
        raise Refused("future", sentence, {"on": sentence})
    return on or today


def _stop(survey: Survey, stop: int) -> SurveyStop:
    _must_be_open(survey)
    found = survey.stops.filter(pk=stop).first()
    if found is None:
        raise Refused("no_stop", _("这次调查没有抽到这一户。"))
    return found


def _must_be_open(survey: Survey) -> None:
    if survey.state != Survey.State.OPEN:
        raise Refused("not_open", _("这次调查还没有开始，或已经结束。"))


def _must_go_on(survey: Survey, division: Division) -> None:
    """A survey that is changed, locked. Raises Refused: elsewhere, closed."""
    lock(survey)
    if survey.state == Survey.State.CLOSED:
        raise Refused("closed", _("这次调查已经结束。"))
    if survey.division_id != division.pk:
        raise Refused("elsewhere", _("这次调查不在%(name)s。") % {"name": division.name})


def _mark(stop: SurveyStop, state: str) -> None:
    stop.state = state
    stop.save(update_fields=["state", "updated_at"])
