"""The end of a matter: result, refusal, withdrawal."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.models import Event, Matter, Result, Step, UnitCounter
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.rules import OPEN, EventKind, State
from yiwang.notifications.rules.kinds import Kind

from .course import course_of, skip_rest
from .ending import end_matter
from .opinions import opinions_must_be_in
from .steps import _running
from .telling import tell_applicant


@act("matters.finish")
def finish_matter(step: Step, *, granted: bool, text: str, by: Actor) -> Matter:
    """Finish a matter with its numbered result. Refusing needs a reason in `text`.

    Granting asks that every other step is done; a refusal may come from any deciding step and
    cancels what is still open.
    """
    _running(step)
    matter, now = step.matter, moment()
    if not text.strip():
        raise Refused("text_missing", _("请写明办理结果，居民会看到。"), {"text": "required"})
    opinions_must_be_in(step)
    course = course_of(step, granted)
    if granted and not course.next.ends:
        raise Refused("others_open", _("还有环节没有办完，不能办结。"))
    if not granted and step.kind not in {"decide", "deliver"}:
        raise Refused("not_deciding", _("只有决定环节可以作出不予办理的决定。"))
    step.close(by, granted, text, now)
    if granted:
        skip_rest(matter, course.rows, by)
    end_matter(matter, State.FINISHED if granted else State.REFUSED, now)
    refusal = f"不予办理决定书（{matter.item.title}）"
    result = issue(matter, step, text=text, now=now, title="" if granted else refusal)
    kind = EventKind.FINISHED if granted else EventKind.REFUSED
    Event.tell(matter, kind, by, text, number=result.number)
    told = {"result": result.number, "code": pickup_code(result)}
    tell_applicant(matter, Kind.FINISHED if granted else Kind.REFUSED, **told)
    note(result=result.number, granted=granted)
    return matter


def issue(matter: Matter, step: Step, *, text: str, now: datetime, title: str = "") -> Result:
    """The next numbered result of the unit; a `title` of its own is that of a refusal."""
    day = timezone.localdate(now)
    UnitCounter.objects.get_or_create(unit=step.unit, year=day.year)
    UnitCounter.objects.filter(unit=step.unit, year=day.year).update(last=F("last") + 1)
    serial = UnitCounter.objects.values_list("last", flat=True).get(unit=step.unit, year=day.year)
    name = matter.version.content.get("result", {}).get("name") or matter.item.title
    return Result.objects.create(
        matter=matter,
        unit=step.unit,
        number=f"{step.unit.name}〔{day.year}〕{serial}号",
        title=title or name,
        granted=not title,
        text=text,
        issued_on=day,
    )


@act("matters.withdraw")
def withdraw_matter(matter: Matter, *, reason: str, by: Actor) -> Matter:
    """Take a matter back at the applicant's wish; it stays on file."""
    lock(matter)
    if matter.state not in OPEN:
        raise Refused("closed", _("事项已经办完，不能撤回。"))
    if not reason.strip():
        raise Refused("reason_missing", _("请写明撤回原因。"), {"reason": "required"})
    end_matter(matter, State.WITHDRAWN, moment())
    Event.tell(matter, EventKind.WITHDRAWN, by, reason)
    return matter


@act("matters.track")
def note_tracking_failure(matter: Matter, *, by: Actor) -> Matter:
    """Count a wrong last-four; at the limit the matter is locked for a while."""
    lock(matter)
    matter.tracking_failures += 1
    if matter.tracking_failures >= int(parameter("matters.tracking_tries")):
        minutes = int(parameter("matters.tracking_lock"))
        matter.tracking_locked_until = moment() + timedelta(minutes=minutes)
        matter.tracking_failures = 0
    matter.save(update_fields=["tracking_failures", "tracking_locked_until", "updated_at"])
    return matter


@act("matters.track")
def forget_tracking_failures(matter: Matter, *, by: Actor) -> Matter:
    """A right answer makes earlier slips of the finger forgotten."""
    matter.tracking_failures = 0
    matter.save(update_fields=["tracking_failures", "updated_at"])
    return matter
