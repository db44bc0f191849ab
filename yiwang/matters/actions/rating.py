"""The resident's word at the end: rating, call back, follow-up, and once more at the next level."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Func, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.core.vault import encrypt
from yiwang.divisions.rules import ancestor
from yiwang.matters.models import (
    CallBack,
    Event,
    FollowUp,
    Matter,
    Rating,
    RatingEscalation,
    Reopening,
    Result,
)
from yiwang.matters.reads.escalation import post_on
from yiwang.matters.reads.rating import (
    due_stages,
    invitation_path,
    next_unit,
    rating_reasons,
    word_is_against,
)
from yiwang.matters.rules import FINAL, EventKind, Stage, State
from yiwang.matters.rules.escalation import DEPTH_OF
from yiwang.matters.rules.rating import ENTERED, CallBackOutcome, RatingChannel, unknown
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind

from .telling import reference_of, tell_applicant

RATEABLE = FINAL - {State.WITHDRAWN}


@act("matters.rate")
def rate_matter(
    matter: Matter,
    *,
    grade: int,
    by: Actor,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: str = RatingChannel.WEB,
) -> Rating:
    """The resident's one rating, by his own hand; nobody can change it (EV-2, EV-4).

    A bad one (the two lowest grades) opens a follow-up with its own clock (SVC-24).
    Raises Refused: staff_cannot_rate, grade, reasons, not_finished, rated, rating_over.
    """
    if by.role is not None:
        raise Refused("staff_cannot_rate", _("评价只能由居民本人作出。"))
    return _rate(matter, grade, reasons, comment, RatingChannel(channel), by)


@act("matters.enter_rating")
def enter_rating(
    matter: Matter,
    *,
    grade: int,
    channel: str,
    by: Actor,
    reasons: Sequence[str] = (),
    comment: str = "",
) -> Rating:
    """Write down what the resident said on a paper card or by telephone, in the clerk's own name.

    Raises Refused: channel, and what refuses any rating.
    """
    if channel not in ENTERED:
        message = _("代为录入的只能是纸质评价卡或电话评价。")
        raise Refused("channel", message, {"channel": message})
    return _rate(matter, grade, reasons, comment, RatingChannel(channel), by)


def _rate(
    matter: Matter,
    grade: int,
    reasons: Sequence[str],
    comment: str,
    channel: RatingChannel,
    by: Actor,
) -> Rating:
    lock(matter)
    _check_rateable(matter, grade, reasons)
    entered = by.label[:160] if channel in ENTERED else ""
    rating = Rating.objects.create(
        matter=matter, grade=grade, reasons=list(reasons), comment=comment[:500],
        channel=channel, entered_by=entered, at=moment(),
    )  # fmt: skip
    if grade <= int(parameter("matters.rating_low")):
        days = int(parameter("matters.rating_follow_up"))
        FollowUp.objects.create(
            rating=rating, unit_id=matter.acceptor_unit_id, due_at=_working_days(days)
        )
    Event.tell(matter, EventKind.RATED, by, comment, grade=grade, channel=channel)
    note(grade=grade, channel=channel)
    return rating


def _working_days(days: int) -> datetime:
    return deadline(moment(), days, TimeUnit.WORKING_DAYS, calendar())


def _check_rateable(matter: Matter, grade: int, reasons: Sequence[str]) -> None:
    if grade not in Rating.Grade.values:
        raise Refused("grade", _("请选择一个满意等级。"), {"grade": "choice"})
    if strange := unknown(reasons, rating_reasons(matter.division_id)):
        message = _("没有“%(reason)s”这个原因。") % {"reason": strange[0][:40]}
        raise Refused("reasons", message, {"reasons": message})
    if matter.state not in RATEABLE or matter.finished_at is None:
        raise Refused("not_finished", _("事项办结后才能评价。"))
    if Rating.objects.filter(matter=matter).exists():
        raise Refused("rated", _("这件事已经评价过了，谢谢。"))
    valid = timedelta(days=int(parameter("matters.rating_invitation")))
    if moment() > matter.finished_at + valid:
        raise Refused("rating_over", _("评价期已过。如有意见，请打监督投诉电话。"))


def send_invitation(matter: Matter) -> None:
    """The message with the secret link; only the carrier and the addressee ever read the link."""
    link = encrypt(invitation_path(matter.number, RatingChannel.LINK)).hex()
    days = int(parameter("matters.rating_invitation"))
    tell_applicant(matter, Kind.RATING, days=days, link=link)


@act("matters.invite_rating")
def invite_to_rate(matter: Matter, *, channel: str, by: Actor) -> Matter:
    """Send the link, once, or open the screen at the window for the resident to rate on.

    Raises Refused: not_finished, rated, rating_over, invited, channel.
    """
    lock(matter)
    _check_rateable(matter, Rating.Grade.GOOD, ())
    if channel not in (RatingChannel.LINK, RatingChannel.WINDOW):
        raise Refused("channel", _("只能发短信链接，或打开窗口评价屏。"))
    if channel == RatingChannel.LINK:
        if Message.objects.filter(reference=reference_of(matter), kind=Kind.RATING).exists():
            raise Refused("invited", _("已经邀请过一次。"))
        send_invitation(matter)
    note(channel=channel)
    return matter


@act("matters.call_back")
def record_call_back(
    matter: Matter, *, outcome: str, by: Actor, grade: int | None = None, opinion: str = ""
) -> CallBack:
    """What the resident says of the result when called back; dissatisfied, it is done once more
    by the next level, the first result attached (HOT-07).

    Raises Refused: not_finished, outcome, grade.
    """
    lock(matter)
    if matter.state not in RATEABLE:
        raise Refused("not_finished", _("事项办结后才能回访。"))
    _check_call(outcome, grade)
    called = CallBack.objects.create(
        matter=matter, outcome=outcome, grade=grade, opinion=opinion.strip()[:500],
        by=by.label[:160], at=moment(),
    )  # fmt: skip
    Event.tell(matter, EventKind.CALLED_BACK, by, opinion, outcome=outcome, grade=grade)
    note(outcome=outcome, grade=grade)
    if grade is not None and grade <= int(parameter("matters.rating_low")):
        _reopen(matter, called, by)
    return called


def _check_call(outcome: str, grade: int | None) -> None:
    if outcome not in CallBackOutcome.values:
        message = _("请选择回访情况。")
        raise Refused("outcome", message, {"outcome": message})
    reached = outcome == CallBackOutcome.REACHED
    if reached and grade not in Rating.Grade.values:
        message = _("请选择居民的满意程度。")
        raise Refused("grade", message, {"grade": message})
    if not reached and grade is not None:
        message = _("没有表达意见的，不填满意程度。")
        raise Refused("grade", message, {"grade": message})


def _reopen(matter: Matter, called: CallBack, by: Actor) -> None:
    """Once: a second dissatisfied word stays on record and does not open it again."""
    result = Result.objects.select_related("unit").filter(matter=matter).first()
    if result is None or Reopening.objects.filter(matter=matter).exists():
        return
    unit = next_unit(result.unit)
    made = Reopening.objects.create(
        matter=matter, unit=unit, first_result=result,
        reason=called.opinion or str(called.get_grade_display()), opened_at=moment(),
        due_at=_working_days(int(parameter("EV-3.correct", division=unit.division_id))),
    )  # fmt: skip
    if unit.pk not in matter.units:
        added = Func(F("units"), Value(unit.pk), function="array_append")
        Matter.objects.filter(pk=matter.pk).update(units=added)
    due = timezone.localdate(made.due_at).isoformat()
    Event.tell(matter, EventKind.REOPENED, by, made.reason, to=unit.label, due=due)
    tell_applicant(matter, Kind.REOPENED, due=due)
    note(reopened=made.pk, unit=unit.pk)


def _reason_against(matter: Matter, since: datetime, reason: str) -> str:
    """The reason, when the resident's word stands against closing; Refused without one."""
    if not word_is_against(matter, since):
        return ""
    if not reason.strip():
        message = _("居民没有表示满意。请先回访；居民仍不满意而办结的，须写明理由，上级能看到。")
        raise Refused("against_word", message, {"reason": message})
    return reason.strip()[:500]


@act("matters.answer_follow_up")
def answer_follow_up(follow_up: FollowUp, *, answer: str, by: Actor, reason: str = "") -> FollowUp:
    """Say what was done about a bad rating (EV-3: verify, correct, reply).

    Raises Refused: done, text_missing, against_word (the resident has not said that he is content
    and no reason is given).
    """
    lock(follow_up)
    if follow_up.done_at:
        raise Refused("done", _("这项整改已经完成。"))
    if not answer.strip():
        raise Refused("text_missing", _("请写明核实和整改情况。"), {"answer": "required"})
    rating = follow_up.rating
    follow_up.against = _reason_against(rating.matter, rating.at, reason)
    follow_up.answer, follow_up.done_at = answer[:1000], moment()
    follow_up.done_by = by.label[:160]
    follow_up.save()
    if follow_up.against:
        Event.tell(rating.matter, EventKind.NOTED, by, follow_up.against, shown=False, against=True)
    note(against=bool(follow_up.against))
    return follow_up


@act("matters.answer_follow_up")
def finish_reopening(reopening: Reopening, *, text: str, by: Actor, reason: str = "") -> Reopening:
    """The second result, with the resident's opinion of it or the reason why it ends all the same.

    Raises Refused: done, not_addressed, text_missing, against_word.
    """
    lock(reopening)
    if reopening.done_at:
        raise Refused("done", _("这件重办已经办结。"))
    if by.unit_id != reopening.unit_id:
        message = _("这件重办由%(unit)s办结。") % {"unit": reopening.unit.label}
        raise Refused("not_addressed", message)
    if not text.strip():
        message = _("请写明重办结果，居民会看到。")
        raise Refused("text_missing", message, {"text": message})
    matter = reopening.matter
    reopening.against = _reason_against(matter, reopening.opened_at, reason)
    reopening.text, reopening.done_at = text.strip()[:4000], moment()
    reopening.done_by = by.label[:160]
    reopening.save()
    Event.tell(matter, EventKind.REDONE, by, reopening.text[:1000], to=reopening.unit.label)
    if reopening.against:
        Event.tell(matter, EventKind.NOTED, by, reopening.against, shown=False, against=True)
    tell_applicant(matter, Kind.REDONE)
    note(against=bool(reopening.against))
    return reopening


@act("matters.supervise")
def escalate_follow_up(
    subject: FollowUp | Reopening, *, stage: Stage, by: Actor
) -> RatingEscalation:
    """Tell one level, once, that a follow-up or a reopening is late. Refused: not_to_tell."""
    lock(subject)
    rung = next((one for one in due_stages(subject, moment()) if one.stage == stage), None)
    if rung is None:
        raise Refused("not_to_tell", _("没有需要上报的超时，或已经上报。"))
    follow_up = subject if isinstance(subject, FollowUp) else None
    reopening = subject if isinstance(subject, Reopening) else None
    matter = reopening.matter if reopening else subject.rating.matter  # type: ignore[union-attr]
    unit = subject.unit or matter.acceptor_unit
    place = ancestor(unit.division_id if unit else matter.division_id, DEPTH_OF[stage])
    units = matter.units if matter.confidential else None
    post = post_on(place, stage, timezone.localdate(moment()), units)
    late = "follow_up" if follow_up else "reopening"
    event = Event.tell(matter, EventKind.ESCALATED, by, shown=False, stage=stage, late=late)
    note(stage=stage, late=late, post=post.pk if post else None)
    return RatingEscalation.objects.create(
        follow_up=follow_up, reopening=reopening, stage=stage, place_id=place, post=post,
        fell_due_at=rung.at, noticed_at=moment(), event=event,
    )  # fmt: skip
