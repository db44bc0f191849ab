"""The clock may stand still for listed reasons, and may be set later with a leader's approval."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.matters.models import Event, Extension, Matter, Pause, Step
from yiwang.matters.rules import EventKind, State, StepState
from yiwang.notifications.rules.kinds import Kind

from .departure import must_be_decided
from .steps import _running
from .telling import tell_applicant


@act("matters.pause")
def pause_matter(step: Step, *, kind: str, reason: str, by: Actor) -> Matter:
    """Stop the clock for a listed reason that the resident reads (SV-4). Refused for any other."""
    _running(step)
    if kind not in parameter("SV-4.pause_reasons"):
        raise Refused("pause_kind", _("只有法定情形才能暂停计时。"), {"kind": "choice"})
    if not reason.strip():
        raise Refused("reason_missing", _("请写明暂停原因，居民会看到。"), {"reason": "required"})
    Pause.begin(step.matter, State.PAUSED, kind, reason, moment())
    Event.tell(step.matter, EventKind.PAUSED, by, reason, cause=kind)
    return step.matter


@act("matters.pause")
def resume_matter(step: Step, *, by: Actor) -> Matter:
    """Let the clock run again; what was left when it stopped is left now."""
    matter = step.matter
    lock(matter)
    if matter.state != State.PAUSED:
        raise Refused("not_paused", _("事项没有暂停，不用恢复。"))
    must_be_decided(matter)
    pause = matter.pauses.get(ended_at__isnull=True)
    pause.matter = matter
    pause.end(moment())
    Event.tell(matter, EventKind.RESUMED, by, due=matter.due_at.isoformat())
    return matter


@act("matters.extend")
def extend_matter(step: Step, *, amount: int, reason: str, by: Actor) -> Extension:
    """Ask for more time, once, with a reason, up to the limit of SV-2."""
    _running(step)
    matter = step.matter
    most = int(parameter("SV-2.extend"))
    if not 0 < amount <= most:
        message = _("一次最多可延长 %(most)s 个工作日。") % {"most": most}
        raise Refused("extension_too_long", message, {"amount": "range"})
    if not reason.strip():
        raise Refused("reason_missing", _("请写明延期原因。"), {"reason": "required"})
    earlier = matter.extensions.exclude(state=Extension.State.DENIED).count()
    if earlier >= int(parameter("matters.extensions")):
        raise Refused("extended_once", _("事项已经申请过延期，不能再次延期。"))
    extension = Extension.objects.create(
        matter=matter,
        amount=amount,
        reason=reason,
        asked_by=by.label[:160],
        asked_post=by.post_id,
        due_before=matter.due_at,
    )
    Event.tell(matter, EventKind.EXTENSION_ASKED, by, reason, amount=amount, shown=False)
    return extension


@act("matters.approve")
def decide_extension(extension: Extension, *, granted: bool, by: Actor) -> Extension:
    """A leader grants or denies more time; nobody decides on a request of their own."""
    lock(extension.matter)
    extension.refresh_from_db()
    if extension.state != Extension.State.ASKED:
        raise Refused("decided", _("这项延期申请已经处理。"))
    if extension.asked_post is not None and extension.asked_post == by.post_id:
        raise Refused("own_request", _("不能审批自己提出的延期，请由分管领导审批。"))
    extension.state = Extension.State.GRANTED if granted else Extension.State.DENIED
    extension.decided_by, extension.decided_at = by.label[:160], moment()
    if granted:
        _prolong(extension)
    extension.save()
    if granted:
        tell_applicant(extension.matter, Kind.EXTENDED)
    kind = EventKind.EXTENDED if granted else EventKind.EXTENSION_REFUSED
    Event.tell(extension.matter, kind, by, extension.reason if granted else "")
    note(granted=granted, amount=extension.amount)
    return extension


def _prolong(extension: Extension) -> None:
    matter = extension.matter
    if not matter.is_open:
        raise Refused("closed", _("事项已经办完，不能延期。"))
    unit = TimeUnit.WORKING_DAYS
    matter.due_at = deadline(matter.due_at, extension.amount, unit, calendar())
    matter.amber_at = deadline(matter.amber_at, extension.amount, unit, calendar())
    matter.save(update_fields=["due_at", "amber_at", "updated_at"])
    steps = list(matter.steps.filter(state=StepState.ACTIVE))
    for step in steps:
        step.due_at = deadline(step.due_at or matter.due_at, extension.amount, unit, calendar())
        step.amber_at = min(step.amber_at or step.due_at, step.due_at)
    Step.objects.bulk_update(steps, ["due_at", "amber_at"])
    extension.due_after = matter.due_at
