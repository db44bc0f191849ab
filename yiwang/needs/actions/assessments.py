"""The yearly assessment: compiled from figures, commented, submitted, approved (QUA-03)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.needs.models import Assessment, AssessmentComment, PlanLine
from yiwang.needs.reads.figures import base_of, figures_of

_ENOUGH = 2


@act("needs.assess")
def compile_assessment(division: Division, *, year: int, text: str = "", by: Actor) -> Assessment:
    """The figures of a year as they are today; done again until it is submitted.

    Raises Refused: not_a_community, future, submitted.
    """
    if division.level != Level.COMMUNITY:
        raise Refused("not_a_community", _("需求评估以村（居）为单位。"))
    if year > timezone.localdate(moment()).year or year < date.min.year + 2000:
        sentence = _("年度不对。")
        raise Refused("future", sentence, {"year": sentence})
    found = Assessment.objects.filter(division=division, year=year).first()
    if found is None:
        found = Assessment(division=division, year=year, by_label=by.label[:160])
    else:
        lock(found)
        _must_be_draft(found)
    found.base, found.figures = base_of(division), figures_of(division, year)
    if text:
        found.text = clean_text(text)[:2000]
    found.save()
    return found


@act("needs.assess")
def comment_assessment(
    assessment: Assessment, *, representative: str, text: str, by: Actor
) -> AssessmentComment:
    """What a representative of the residents says. Raises Refused: invalid, submitted."""
    lock(assessment)
    _must_be_draft(assessment)
    who, said = clean_text(representative)[:60], clean_text(text)[:500]
    faults = {}
    if len(who) < _ENOUGH:
        faults["representative"] = _("请填写居民代表的姓名。")
    if len(said) < _ENOUGH:
        faults["text"] = _("请填写意见。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)
    return AssessmentComment.objects.create(
        assessment=assessment,
        representative=who,
        text=said,
        on=timezone.localdate(moment()),
        by_label=by.label[:160],
    )


@act("needs.assess")
def submit_assessment(assessment: Assessment, *, text: str, by: Actor) -> Assessment:
    """To the township, with the community's own words.

    Raises Refused: submitted, text_needed, comment_needed.
    """
    lock(assessment)
    _must_be_draft(assessment)
    said = clean_text(text)[:2000]
    if len(said) < _ENOUGH:
        sentence = _("请填写评估意见。")
        raise Refused("text_needed", sentence, {"text": sentence})
    if not assessment.comments.exists():
        raise Refused("comment_needed", _("还没有居民代表的意见，不能报送。"))
    assessment.text, assessment.state = said, Assessment.State.SUBMITTED
    assessment.returned = ""
    assessment.save()
    return assessment


@act("needs.approve")
def return_assessment(assessment: Assessment, *, reason: str, by: Actor) -> Assessment:
    """Back to the community, with what is to be done better; its text and comments stay.

    Raises Refused: not_submitted, reason_needed.
    """
    lock(assessment)
    if assessment.state != Assessment.State.SUBMITTED:
        raise Refused("not_submitted", _("只有报送的评估可以退回。"))
    if len(clean_text(reason)) < _ENOUGH:
        sentence = _("请写明原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    assessment.state = Assessment.State.DRAFT
    assessment.returned = clean_text(reason)[:300]
    assessment.save()
    return assessment


@act("needs.approve")
def approve_assessment(assessment: Assessment, *, by: Actor) -> Assessment:
    """Final; the categories ranked first become draft lines of service planning.

    Raises Refused not_submitted.
    """
    lock(assessment)
    if assessment.state != Assessment.State.SUBMITTED:
        raise Refused("not_submitted", _("只有报送的评估可以批准。"))
    assessment.state = Assessment.State.APPROVED
    assessment.approved_on = timezone.localdate(moment())
    assessment.approved_by = by.label[:160]
    assessment.save()
    most = int(parameter("needs.plan_lines"))
    first = [row for row in assessment.figures if row["gap"]][:most]
    PlanLine.objects.bulk_create(
        PlanLine(assessment=assessment, rank=at, category=row["category"], users=row["gap"])
        for at, row in enumerate(first, 1)
    )
    note(lines=len(first))
    return assessment


def _must_be_draft(assessment: Assessment) -> None:
    if assessment.state != Assessment.State.DRAFT:
        raise Refused("submitted", _("已经报送或批准，不能再改。"))
