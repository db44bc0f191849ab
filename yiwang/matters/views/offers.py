"""What this reader may do with this matter now: each offer is a button, a form and an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.urls import reverse

from yiwang.accounts.actor import Actor
from yiwang.core.rules.wording import listed
from yiwang.matters.models import Matter, Step
from yiwang.matters.rules import StepState
from yiwang.matters.rules.process import INTAKE

from .handlings import FORWARD, HANDLINGS, WHILE_STOPPED, Handling


@dataclass
class Offer:
    """A handling offered on a page, with its form and where it is sent."""

    handling: Handling
    subject: Matter | Step
    url: str
    form: forms.Form
    primary: bool = False
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.handling.key

    @property
    def papers(self) -> str:
        """The documents to check before the step is closed, as its process says."""
        if self.key not in {"complete", "finish"} or not isinstance(self.subject, Step):
            return ""
        guide = self.subject.matter.version.guide
        plan = guide.process.by_code.get(self.subject.code)
        checked = plan.papers if plan else ()
        return listed(one.name for one in guide.materials if one.code in checked)

    @property
    def dialog(self) -> str:
        return f"dlg-{self.key}"


def offers_of(matter: Matter, steps: Sequence[Step], actor: Actor, chosen: str = "") -> list[Offer]:
    """The buttons of a matter for this reader, the one that goes forward first."""
    step = my_step(steps, actor, chosen)
    found = [
        offer_of(one, matter, step)
        for one in HANDLINGS.values()
        if _is_offered(one, matter, step, steps, actor)
    ]
    for key in FORWARD:
        first = next((offer for offer in found if offer.key == key), None)
        if first:
            first.primary = True
            return [first, *(offer for offer in found if offer is not first)]
    return found


def my_step(steps: Sequence[Step], actor: Actor, chosen: str = "") -> Step | None:
    """The step at work this reader acts on: the one chosen, of the own unit, or within reach."""
    active = [step for step in steps if step.state == StepState.ACTIVE]
    within = [step for step in active if actor.may(right_for(step), step)]
    named = [step for step in within if str(step.pk) == chosen]
    own = [step for step in within if step.unit_id == actor.unit_id]
    return next(iter([*named, *own, *within]), None)


def right_for(step: Step) -> str:
    """The right of whoever works on a step: checking what came from afar is accepting."""
    return "matters.accept" if step.code == INTAKE else "matters.handle"


def _is_offered(
    one: Handling, matter: Matter, step: Step | None, steps: Sequence[Step], actor: Actor
) -> bool:
    subject: Any = step if one.of_step else matter
    if matter.waits_for_decision and one.key not in WHILE_STOPPED:
        return False
    return one.fits(matter, step, steps) and subject is not None and actor.may(one.right, subject)


def offer_of(one: Handling, matter: Matter, step: Step | None, form: Any = None) -> Offer:
    """A handling with an empty form, or with the one that was sent."""
    subject: Any = step if one.of_step else matter
    place = [matter.number, step.pk, one.key] if one.of_step and step else [matter.number, one.key]
    name = "matters:handle-step" if one.of_step else "matters:handle"
    form = form or one.form(matter=matter, auto_id=f"{one.key}-%s")
    return Offer(one, subject, reverse(name, args=place), form)
