"""What the net promises for a matter: who handles it, how long, by which day (SVC-02, SVC-23)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.reads import calendar, parameter
from yiwang.matters.models import Matter, ServiceItem
from yiwang.matters.reads import Planned
from yiwang.matters.reads.bundle import Bundled
from yiwang.matters.reads.routing import asked_of, way_of
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import clock, limit_words
from yiwang.matters.rules.process import StepPlan


@dataclass(frozen=True)
class Promise:
    """Units in the order they act, the limit in words, and the last day."""

    steps: list[tuple[str, str]]
    limit: str
    due_at: datetime


def promise_of(guide: Guide, matter: Matter) -> Promise:
    """The promise of an accepted matter, from its own steps."""
    steps = [(step.label, step.unit.label) for step in matter.steps.all()]
    return Promise(steps, limit_words(guide.promised), matter.due_at)


def promise_for(plan: Planned, division: int, channel: str) -> Promise:
    """The promise a matter accepted now in a division by a door would carry."""
    guide = plan.guide
    amber = int(parameter("matters.amber_share"))
    due = clock(timezone.now(), guide.promised, amber, calendar()).due_at
    steps = [
        (name, _unit_name(item, one, division, channel)) for name, item, one in _stations(plan)
    ]
    return Promise(steps, limit_words(guide.promised), due)


def _stations(plan: Planned) -> list[tuple[str, ServiceItem, StepPlan]]:
    """The steps of an item; of a bundle the last step of each part, under the name of its item."""
    if not isinstance(plan, Bundled):
        return [(one.name, plan.item, one) for one in plan.guide.steps]
    last = [(part, max(part.guide.steps, key=lambda one: one.stage)) for part in plan.parts]
    return [(part.guide.title, part.item, one) for part, one in last]


def _unit_name(item: ServiceItem, plan: StepPlan, division: int, channel: str) -> str:
    way = way_of(plan, asked_of(item, plan, division, channel), timezone.localdate())
    return way.unit.label if way else _("没有承办单位，请联系管理员")
