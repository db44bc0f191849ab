"""Handed in from afar: submitted under one number, checked once by the window, accepted (SVC-04, SV-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models import insert_together
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Draft, Event, Material, Matter, Step
from yiwang.matters.reads import Planned, offered_in, planned, process_of
from yiwang.matters.reads.entrustment import must_be_entrusted
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.rules import RUNNING, Channel, EventKind, State, StepState
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import Limit, clock
from yiwang.matters.rules.process import INTAKE, Next, StepPlan, answer_facts
from yiwang.notifications.rules.kinds import Kind
from yiwang.residents.models import Resident

from .acceptance import _count, _keep_told, _matter, _step, _taken_over, _variant, must_be_there
from .bundle import HandIn
from .course import Course, go_on
from .ending import end_matter
from .outcome import issue
from .papers import file_away, from_file, material_rows, reused
from .steps import _running
from .telling import tell_applicant

SUBMITTED = frozenset({State.SUBMITTED})
NAME, NAME_EN = "受理审查", "Check before acceptance"


@act("matters.apply")
def save_own_draft(
    resident: Resident,
    *,
    by: Actor,
    item: str,
    holder: Resident,
    draft: Draft | None = None,
    typed: dict[str, Any] | None = None,
) -> Draft:
    """Keep what a resident (or `holder`, who acts for her) has filled in so far.

    Raises Refused: draft_done, not_online, no_such_item.
    """
    if draft is not None and draft.matter_id:
        raise Refused("draft_done", _("这份申请已经交了，不能再改。"))
    plan = planned(item)
    must_be_online(plan, resident.division_id)
    must_be_there(plan, resident)
    kept = draft or Draft(
        resident=resident, holder=holder, division_id=resident.division_id, channel=Channel.WEB
    )
    kept.item = plan.item
    if typed is not None:
        kept.typed = typed
    kept.save()
    return kept


@act("matters.apply")
def discard_own_draft(draft: Draft, *, by: Actor) -> Draft:
    """Throw away what was not handed in; Refused draft_done once it was."""
    if draft.matter_id:
        raise Refused("draft_done", _("这份申请已经交了，不能删除。"))
    number = draft.pk
    draft.delete()
    draft.pk = number
    return draft


def must_be_online(plan: Planned, division: int) -> None:
    """Whether an item may be applied for from afar in a place. Raises Refused not_online."""
    if "web" not in plan.guide.channels or not offered_in(plan.item, division):
        sentence = _("“%(item)s”不能在网上申请，请到社区窗口办理。")
        raise Refused("not_online", sentence % {"item": plan.item.label})


@act("matters.apply")
def submit_matter(draft: Draft, *, hand_in: HandIn, needed: int, by: Actor) -> Matter:
    """Hand in an application: a number at once, and the unit that checks it has it in its list.

    The clock of the check runs; that of the item begins with acceptance. The same draft twice is
    the same matter. Raises Refused as acceptance does, and not_online.
    """
    lock(draft)
    if draft.matter is not None:
        return draft.matter
    today = timezone.localdate(now := moment())
    plan, resident = planned(draft.item.code, today), hand_in.resident
    must_be_there(plan, resident)
    must_be_online(plan, resident.division_id)
    held = from_file(plan, resident, {one.code for one in hand_in.materials}, hand_in.not_from_file)
    matter = _matter(resident.division, plan, resident, Channel.WEB, hand_in.agent, now, by)
    matter.title, matter.answers = plan.item.title, dict(hand_in.answers)
    matter.variant = _variant(plan, resident, draft.typed.get("variant", ""), today)
    known = _taken_over(plan, matter.answers, hand_in.asked, hand_in.confirmed)
    _count(matter, plan, needed, known)
    _check_clock(matter, now)
    rows = material_rows(matter, plan, hand_in.materials, held)
    matter.papers_needed, matter.papers_reused = len(plan.guide.materials), reused(plan, rows)
    _insert(matter, plan, rows, by, now)
    file_away(matter, plan, hand_in.materials, held, by)
    Draft.objects.filter(pk=draft.pk).update(matter=matter)
    note(number=matter.number, item=plan.item.code, unit=matter.acceptor_unit_id)
    return matter


def _check_clock(matter: Matter, now: datetime) -> None:
    """Until when somebody has to say whether it is accepted; silence is acceptance (SV-1)."""
    times = clock(now, _limit(), int(parameter("matters.amber_share")), calendar())
    matter.state, matter.limit_unit = State.SUBMITTED, Unit.WORKING_DAYS
    matter.amber_at, matter.due_at = times.amber_at, times.due_at
    matter.statutory_due_at = times.due_at


def _limit() -> Limit:
    return Limit(int(parameter("matters.intake_days")), Unit.WORKING_DAYS)


def _insert(
    matter: Matter, plan: Planned, papers: Sequence[Material], by: Actor, now: datetime
) -> None:
    """Matter, the check, the steps that are to come, and the first line; nobody else sees it yet."""
    check = StepPlan(INTAKE, NAME, 0, "community", "committee", _limit(), "accept")
    first = _step(matter, plan, check, {"name": NAME, "name_en": NAME_EN})
    first.start(now)
    names = {raw["code"]: raw for raw in plan.version.content["steps"]}
    rest = [_step(matter, plan, one, names[one.code]) for one in plan.guide.process.steps]
    matter.acceptor_unit_id, matter.units = first.unit_id, [first.unit_id]
    event = Event.of(matter, EventKind.SUBMITTED, by, channel=str(matter.channel))
    insert_together(matter, [first, *rest, *papers, event])


@act("matters.accept")
def admit_matter(step: Step, *, by: Actor, silent: bool = False) -> Matter:
    """Accept what was submitted: its own clock begins, and so do its first steps.

    `silent`: nobody said anything in time, so it counts as accepted on the day it was complete.
    Raises Refused: not_submitted, entrustment_over, not_entrusted, no_step.
    """
    matter = _checked(step)
    today = timezone.localdate(now := moment())
    must_be_entrusted(matter.item, unit=by.unit_id, code=by.unit_code, on=today)
    guide, start = matter.version.guide, _complete_since(matter) if silent else now
    step.close(by, True, "", now)
    _begin_clock(matter, guide, start)
    matter.acceptor_unit_id = by.unit_id or matter.acceptor_unit_id
    matter.acceptor_post_id = by.post_id
    rows = list(matter.steps.all())
    conditional = {one.code for one in guide.steps if one.when}
    sure = {row.unit_id for row in rows if row.code not in conditional}
    matter.state, matter.units = State.WORKING, sorted({*matter.units, *sure, step.unit_id})
    matter.save()
    move = process_of(matter).after(0, answer_facts(matter.answers, matter.variant))
    if not move.opened:
        raise Refused("no_step", _("按填写的内容，没有要办的环节，请联系管理员修改事项。"))
    Event.tell(matter, EventKind.ACCEPTED, by, channel=str(matter.channel), silent=silent)
    go_on(Course(step, rows, process_of(matter), Next(move=move)), by, now)
    _serve_later(matter, by)
    tell_applicant(matter, Kind.ACCEPTED)
    note(number=matter.number, silent=silent)
    return matter


def _checked(step: Step) -> Matter:
    """The matter of a check that is still open. Raises Refused not_submitted."""
    _running(step, RUNNING)
    if step.code != INTAKE or step.matter.state not in SUBMITTED:
        raise Refused("not_submitted", _("这件事已经受理，或者不是网上申请。"))
    return step.matter


def _complete_since(matter: Matter) -> datetime:
    """When it was handed in, or when what was missing had come."""
    correction = getattr(matter, "correction", None)
    answered = correction.answered_at if correction else None
    return max(matter.accepted_at, answered or matter.accepted_at)


def _begin_clock(matter: Matter, guide: Guide, start: datetime) -> None:
    share = int(parameter("matters.amber_share"))
    promised = clock(start, guide.promised, share, calendar())
    matter.accepted_at, matter.limit_unit = start, guide.promised.unit
    matter.amber_at, matter.due_at = promised.amber_at, promised.due_at
    statutory = guide.statutory
    matter.statutory_due_at = clock(start, statutory, 100, calendar()).due_at if statutory else None


def _serve_later(matter: Matter, by: Actor) -> None:
    """What was told and now checked serves every later matter; the draft is not kept."""
    draft = Draft.objects.filter(matter=matter).first()
    typed = draft.typed if draft else {}
    asked = [code for code in typed.get("asked", []) if code in matter.answers]
    _keep_told(matter, matter.resident, asked, typed.get("confirmed", []), by)
    Draft.objects.filter(matter=matter).update(typed_sealed=None)


@act("matters.accept")
def refuse_application(step: Step, *, reason: str, by: Actor) -> Matter:
    """Not accepted, with the reason in a numbered decision (不予受理).

    Raises Refused: not_submitted, reason_missing.
    """
    matter, now = _checked(step), moment()
    words = clean_text(reason, multiline=True)
    if not words:
        raise Refused("reason_missing", _("请写明不予受理的理由和依据，申请人会看到。"))
    step.close(by, False, words, now)
    matter.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED)
    end_matter(matter, State.REFUSED, now)
    result = issue(
        matter, step, text=words, now=now, title=f"不予受理决定书（{matter.item.title}）"
    )
    Event.tell(matter, EventKind.NOT_ACCEPTED, by, words, number=result.number)
    tell_applicant(matter, Kind.REFUSED, result=result.number, code=pickup_code(result))
    Draft.objects.filter(matter=matter).update(typed_sealed=None)
    note(result=result.number)
    return matter
