"""Background work of matters: late clocks are told upwards, applicants are reminded."""

from contextlib import suppress
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances, moment
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.reads import parameter
from yiwang.core.scanner import scan_each
from yiwang.matters.actions import (
    admit_matter,
    discard_draft,
    escalate_follow_up,
    escalate_step,
    remind_applicant,
)
from yiwang.matters.actions.drafts import drop_files
from yiwang.matters.actions.scanning import looked_at, signature_looked_at
from yiwang.matters.models import Draft, FollowUp, Handover, Material, Matter, Reopening, Step
from yiwang.matters.reads.escalation import due_rungs, running_late
from yiwang.matters.reads.rating import due_stages
from yiwang.matters.rules import State
from yiwang.matters.rules.escalation import Rung
from yiwang.matters.rules.process import INTAKE
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import ONCE

MOST = 2000
SCANS = 500
LONGEST = timedelta(days=60)
"""Who has not come for so long is not reminded any more: what is older was before us."""


def remind_applicants() -> int:
    """Remind, once, who has not answered or collected for `notifications.remind_days`."""
    now = timezone.now()
    since = now - timedelta(days=int(parameter("notifications.remind_days")))
    asked = Q(state=State.CORRECTING, correction__asked_at__range=(now - LONGEST, since))
    ready = Q(
        state=State.FINISHED, finished_at__range=(now - LONGEST, since),
        result__delivered_at__isnull=True, result__revoked_at__isnull=True,
    )  # fmt: skip
    told = Message.objects.filter(
        reference=Concat(Value("matter:"), OuterRef("number")), kind__in=ONCE
    )
    rows = Matter.objects.filter(asked | ready)
    done = 0
    with circumstances(channel="job"):
        for matter in rows.exclude(Exists(told)).order_by("pk")[:MOST]:
            try:
                remind_applicant(matter, by=Actor.system().within_act("matters.remind"))
            except Refused:
                continue
            done += 1
    return done


def accept_silently() -> int:
    """What nobody said a word about in time counts as accepted (SV-1); gives how many."""
    late = Step.objects.active().filter(code=INTAKE, due_at__lt=moment())
    done = 0
    for step in late.filter(matter__state=State.SUBMITTED).select_related("matter")[:MOST]:
        with suppress(Refused), circumstances(channel="job"):
            admit_matter(step, silent=True, by=Actor.system())
            done += 1
    return done


def drop_drafts() -> int:
    """Throw away what nobody went on with for `matters.draft_days`; gives how many."""
    since = timezone.now() - timedelta(days=int(parameter("matters.draft_days")))
    done = 0
    with circumstances(channel="job"):
        for draft in Draft.objects.filter(matter__isnull=True, updated_at__lt=since)[:MOST]:
            files = [one["path"] for one in draft.typed.get("uploads", [])]
            discard_draft(draft, by=Actor.system())
            drop_files(files)
            done += 1
    return done


def scan_materials() -> int:
    """Look at documents nobody has looked at yet; gives how many."""
    waiting = Material.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    signed = Handover.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    with circumstances(channel="job"):
        done = scan_each(waiting.select_related("matter__resident")[:SCANS], looked_at)
        rows = signed.select_related("result__matter")[:SCANS]
        return done + scan_each(rows, signature_looked_at)


def escalate_late() -> int:
    """Tell every level that is to be told by now, in the order in which it fell due; gives how many.

    Each is its own transaction: after a crash or an outage the next run goes on where this one
    ended, and whatever another worker told meanwhile is left alone.
    """
    now = moment()
    found: list[tuple[Rung, int]] = [
        (rung, step.pk) for step in running_late(now) for rung in due_rungs(step, now)
    ]
    found.sort(key=lambda one: (one[0].at, one[1]))
    return sum(_told(rung, pk) for rung, pk in found)


def _told(rung: Rung, pk: int) -> bool:
    step = Step.objects.select_related("matter", "unit").get(pk=pk)
    try:
        with circumstances(channel="job"):
            escalate_step(step, clock=rung.clock, stage=rung.stage, by=Actor.system())
    except Refused:
        return False
    return True


def escalate_follow_ups() -> int:
    """Tell the levels above what is late in putting bad ratings right; gives how many were told."""
    now, told = moment(), 0
    late = {"done_at__isnull": True, "due_at__lte": now}
    follow_ups = FollowUp.objects.filter(**late).exclude(told__stage="city")
    again = Reopening.objects.filter(**late).exclude(told__stage="city")
    subjects: list[FollowUp | Reopening] = [
        *follow_ups.select_related("rating__matter__acceptor_unit", "unit").order_by("due_at")[
            :MOST
        ],
        *again.select_related("matter__acceptor_unit", "unit").order_by("due_at")[:MOST],
    ]
    for subject in subjects:
        for rung in due_stages(subject, now):
            with suppress(Refused), circumstances(channel="job"):
                escalate_follow_up(subject, stage=rung.stage, by=Actor.system())
                told += 1
    return told
