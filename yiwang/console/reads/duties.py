"""What waits for an actor: the figures beside the menu, and those of the workbench."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import DateTimeField, Min, Q, Subquery, Value
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Officer, Post
from yiwang.accounts.reads import network_places, remind_until
from yiwang.collection.models import Campaign, Item
from yiwang.collection.rules.moves import ItemState
from yiwang.core.models import InfectedFile
from yiwang.core.reads import calendar, parameter
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, depth_of
from yiwang.liaison.models import DayLog, Enrolment, Receipt
from yiwang.liaison.reads.logs import missing
from yiwang.linkage.models import CheckTask
from yiwang.matters.models import Draft, Entrustment, Mention, Reopening, Step
from yiwang.matters.reads.waiting import waiting_results
from yiwang.matters.rules import RUNNING, StepState
from yiwang.notifications.models import Delivery
from yiwang.orders.models import ServiceOrder
from yiwang.organizations.models import Paper, Provider
from yiwang.organizations.rules.states import ProviderState
from yiwang.quality.models import Finding
from yiwang.quality.rules.states import FindingState
from yiwang.residents.models import ImportBatch, Resident, Transfer
from yiwang.sharing.models import Agreement
from yiwang.supervision.models import Circular, Order

from .counting import count_of, count_up_to
from .notices import unread
from .queues import own_unit, queue_counts, waits_for

UNREAD_MOST: Final = 100  # the bell shows 99+
NOTHING: Final = {"queue": 0, "drafts": 0, "unread": 0, "infected": 0, "service_orders": 0}


def workload(actor: Actor) -> dict[str, int]:
    """The counts beside the menu and on the bell, in one statement."""
    if actor.post_id is None:
        return dict(NOTHING)
    parts: dict[str, Any] = {"unread": count_up_to(unread(actor), UNREAD_MOST)}
    if actor.has("matters.handle"):
        parts["queue"] = count_of(waits_for(actor))
    if actor.has("matters.draft"):
        parts["drafts"] = count_of(_drafts(actor))
    if actor.has("core.scans"):
        lately = timezone.now() - timedelta(days=int(parameter("console.notice_days")))
        found = InfectedFile.objects.visible_to(actor).filter(created_at__gte=lately)
        parts["infected"] = count_of(found)
    if actor.has("orders.view"):
        parts["service_orders"] = count_of(ServiceOrder.objects.for_the_hand_of(actor))
    return {**NOTHING, **ask(actor, parts)}


def _drafts(actor: Actor) -> Any:
    return Draft.objects.visible_to(actor).filter(matter__isnull=True)


def ask(actor: Actor, parts: dict[str, Any]) -> dict[str, Any]:
    """Several figures in one statement, hung on the row of the actor's own post."""
    if not parts:
        return {}
    own: Any = Post.objects.filter(pk=actor.post_id or 0).order_by("pk")
    row = own.values(**{f"asked_{key}": part for key, part in parts.items()}).first() or {}
    return {key.removeprefix("asked_"): figure for key, figure in row.items()}


@dataclass(frozen=True)
class Today:
    """Now, this morning and the end of today, in local time."""

    now: datetime
    morning: datetime
    midnight: datetime

    @classmethod
    def at(cls, now: datetime) -> "Today":
        day = timezone.localdate(now)
        return cls(now, _start(day), _start(day + timedelta(days=1)))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def duties(actor: Actor, today: Today) -> dict[str, Any]:
    """The figures of the workbench in one statement: queues, what is due, what needs a look."""
    parts = queue_counts(actor, today.now, today.midnight)
    if "mine" in parts:
        steps = Step.objects.visible_to(actor).filter(
            unit_id=own_unit(actor), state=StepState.ACTIVE, matter__state__in=RUNNING
        )
        new = steps.filter(started_at__gte=today.morning)
        parts["mine_new"] = count_of(new.values("matter").distinct())
        parts["mine_next"] = _earliest(steps, today)
    parts.update(_looks(actor, timezone.localdate(today.now)))
    return ask(actor, parts)


def _earliest(steps: Any, today: Today) -> Any:
    rest = steps.filter(due_at__gte=today.now, due_at__lt=today.midnight).order_by()
    first = rest.annotate(_all=Value(1)).values("_all").annotate(_n=Min("due_at")).values("_n")
    return Subquery(first, output_field=DateTimeField())


def _looks(actor: Actor, day: date) -> dict[str, Any]:
    """Figures beside the queues: drafts, imports with errors, the register's freshness."""
    parts: dict[str, Any] = {}
    if actor.has("matters.draft"):
        parts["drafts"] = count_of(_drafts(actor))
    if actor.has("matters.comment"):
        named = Mention.objects.visible_to(actor).filter(read_at__isnull=True)
        parts["mentions"] = count_of(named)
    parts.update(_supervising(actor, day))
    if actor.has("matters.deliver"):
        parts["waiting"] = count_of(waiting_results(actor, own=True))
    if actor.has("matters.accept"):
        given = Entrustment.objects.visible_to(actor).filter(agent_id=own_unit(actor))
        since = timezone.now() - timedelta(days=int(parameter("console.notice_days")))
        parts["entrusted_soon"] = count_of(given.ending(day))
        parts["entrusted_ended"] = count_of(given.ended_since(since))
    if actor.has("residents.import"):
        parts["imports"] = count_of(imports_with_errors(actor))
    parts.update(_collecting(actor))
    if actor.has("accounts.board"):
        held = Officer.objects.visible_to(actor)
        parts["terms"] = count_of(held.ending(remind_until(day)))
    if actor.has("accounts.manage"):
        places = network_places(Division.objects.within(actor.see), day)
        parts["vacancies"] = count_of(places.filter(vacant=True))
    parts.update(_liaising(actor, day))
    parts.update(_serving(actor, day))
    parts.update(_improving(actor))
    parts.update(_sharing(actor, day))
    if actor.has("notifications.send"):
        parts["undelivered"] = count_of(Delivery.objects.visible_to(actor).dead())
    if keeps_register(actor):
        people = Resident.objects.visible_to(actor).live()
        parts["people"] = count_of(people)
        parts["stale"] = count_of(people.filter(fresh_until__lt=day))
    return parts


def _supervising(actor: Actor, day: date) -> dict[str, Any]:
    """Orders to answer and circulars of the last weeks."""
    parts: dict[str, Any] = {}
    if actor.has("supervision.answer"):
        asked = Order.objects.visible_to(actor).unanswered().filter(unit_id=own_unit(actor))
        parts["orders"] = count_of(asked)
    if actor.has("supervision.view"):
        since = day - timedelta(days=int(parameter("console.notice_days")))
        told = Circular.objects.visible_to(actor).filter(published_at__date__gte=since)
        parts["circulars"] = count_of(told)
    return parts


def _liaising(actor: Actor, day: date) -> dict[str, Any]:
    """Notices to confirm, the log of today, and logs that are owed below."""
    parts: dict[str, Any] = {}
    if actor.has("liaison.confirm"):
        came = Receipt.objects.visible_to(actor).to(actor.division_id)
        parts["to_confirm"] = count_of(came.waiting())
    if actor.has("liaison.view"):
        mine = Enrolment.objects.visible_to(actor).open().filter(post__user_id=actor.user_id or 0)
        parts["courses"] = count_of(mine)
    if actor.has("liaison.log"):
        filed = DayLog.objects.visible_to(actor).filed().filter(on=day)
        parts["log_filed"] = count_of(filed.filter(division_id=actor.division_id))
        if depth_of(actor.division_id) < Depth.COMMUNITY:
            parts["logs_missing"] = count_of(missing(actor, day))
    return parts


def _serving(actor: Actor, day: date) -> dict[str, Any]:
    """Service subjects: papers that end, applications to look at."""
    parts: dict[str, Any] = {}
    if actor.has("organizations.change"):
        days = int(parameter("organizations.paper_warning_days"))
        ending = Paper.objects.visible_to(actor).expiring(day, days)
        parts["papers"] = count_of(ending.filter(organization__provider__isnull=False))
    if actor.has("organizations.approve"):
        applied = Provider.objects.visible_to(actor)
        parts["applicants"] = count_of(applied.filter(state=ProviderState.APPLIED))
    return parts


def _sharing(actor: Actor, day: date) -> dict[str, Any]:
    """Agreements to decide, and those that end soon: for the holder and for the data officer."""
    parts: dict[str, Any] = {}
    seen = Agreement.objects.visible_to(actor)
    if actor.has("sharing.decide"):
        parts["sharing_asked"] = count_of(seen.undecided())
    if actor.has("sharing.decide") or actor.has("sharing.ask"):
        ending = seen.ending(day, int(parameter("sharing.remind_days")))
        parts["sharing_ending"] = count_of(ending)
    return parts


def _improving(actor: Actor) -> dict[str, Any]:
    """What was found or reopened: for the unit that puts it right, and for who looks after it."""
    parts: dict[str, Any] = {}
    if actor.has("matters.answer_follow_up"):
        again = Reopening.objects.visible_to(actor).filter(unit_id=own_unit(actor))
        parts["reopened"] = count_of(again.filter(done_at__isnull=True))
    found = Finding.objects.visible_to(actor)
    if actor.has("quality.correct"):
        ours = found.filter(unit_id=own_unit(actor), state=FindingState.ISSUED)
        parts["findings"] = count_of(ours)
    if actor.has("quality.check"):
        missed = found.open().filter(told_at__isnull=False)
        parts["missed"] = count_of(missed.exclude(unit_id=own_unit(actor)))
    return parts


def _collecting(actor: Actor) -> dict[str, Any]:
    """What others wait for: answers to transfers, checks on the spot, forms to mend or to check."""
    parts: dict[str, Any] = {}
    if actor.has("residents.change"):
        parts["transfers"] = count_of(Transfer.objects.visible_to(actor).awaiting(actor))
    if actor.has("linkage.check"):
        tasks = CheckTask.objects.visible_to(actor)
        parts["checks"] = count_of(tasks.filter(answer=CheckTask.Answer.OPEN))
    forms = Item.objects.visible_to(actor).filter(task__campaign__state=Campaign.State.OPEN)
    if actor.has("collection.collect"):
        parts["returned"] = count_of(
            forms.filter(state__in=(ItemState.RETURNED, ItemState.CONFLICT))
        )
    if actor.has("collection.check"):
        parts["unchecked"] = count_of(forms.filter(state=ItemState.SUBMITTED))
    return parts


def imports_with_errors(actor: Actor) -> Any:
    """Workbooks this post checked, whose faulty rows are still to be corrected."""
    batches = ImportBatch.objects.visible_to(actor).filter(by_post_id=actor.post_id)
    waiting = Q(state=ImportBatch.State.PREVIEWED) | Q(state=ImportBatch.State.FAILED)
    return batches.filter(waiting, failed__gt=0)


def keeps_register(actor: Actor) -> bool:
    """Whether the actor keeps the residents of one community or township up to date."""
    return actor.has("residents.confirm") and depth_of(actor.division_id) >= Depth.TOWNSHIP


def calendar_days_left(day: date) -> int | None:
    """Days until the working calendar ends; None while that is not yet worth a word."""
    left = (calendar().ends_on - day).days
    return left if left <= int(parameter("core.calendar_warning_days")) else None
