"""Tasks: who carries which items, reminders, and what a worker takes along (INF-06)."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.collection.models import Campaign, Item, Task
from yiwang.collection.rules.moves import OPEN, ItemState
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents.models import LifeState, Resident

from .campaigns import finish_if_done


@act("collection.manage")
def assign_items(
    task: Task, *, to: Post | None, items: Sequence[int] = (), building: str = "", by: Actor
) -> Task:
    """Give open items to a post of the community (None: to nobody): those named, those of a
    building, or all. Raises Refused: not_here, nothing_open.
    """
    must_run(task)
    if to is not None and not (
        to.division_id == task.division_id and to.is_held(timezone.localdate(moment()))
    ):
        sentence = _("采集人要在这个社区有在任的岗位。")
        raise Refused("not_here", sentence, {"to": sentence})
    rows = Item.objects.filter(task=task, state__in=OPEN)
    if items:
        rows = rows.filter(pk__in=items)
    if building:
        rows = rows.filter(building=building)
    moved = rows.update(worker=to)
    if not moved:
        raise Refused("nothing_open", _("没有可以分派的对象。"))
    note(items=moved, to=to.pk if to else None)
    return task


@act("collection.manage")
def urge_task(task: Task, *, by: Actor) -> Task:
    """Remind a community of its open items; not again within the parameter. Raises Refused."""
    lock(task)
    must_run(task)
    pause = timedelta(hours=int(parameter("collection.urge_hours")))
    if task.urged_at and moment() - task.urged_at < pause:
        raise Refused("urged_lately", _("刚催办过，请过些时候再催。"))
    if not Item.objects.filter(task=task, state__in=OPEN).exists():
        raise Refused("nothing_open", _("这个社区没有未完成的对象。"))
    task.urged_at, task.urged_times = moment(), task.urged_times + 1
    task.save()
    return task


@act("collection.collect")
def take_along(task: Task, *, how: str, by: Actor) -> Task:
    """Take names and addresses of a task along, on a telephone or on paper; the journal knows."""
    must_run(task)
    note(how=how)
    return task


@act("collection.manage")
def drop_departed(task: Task, *, by: Actor) -> Task:
    """Open items of people who died or left, and of households nobody is left in, are dropped."""
    here = Resident.objects.live().filter(household=OuterRef("household"))
    gone = Q(resident__isnull=False) & ~Q(resident__state=LifeState.LIVE)
    empty = Q(household__isnull=False) & ~Exists(here)
    rows = Item.objects.filter(task=task, state__in=OPEN).filter(gone | empty)
    dropped = Item.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    note(items=dropped.update(state=ItemState.DROPPED))
    finish_if_done(task.campaign)
    return task


def must_run(task: Task) -> None:
    """Raises Refused closed unless the campaign is open."""
    if task.campaign.state != Campaign.State.OPEN:
        raise Refused("closed", _("这项采集已经结束或还在准备。"))
