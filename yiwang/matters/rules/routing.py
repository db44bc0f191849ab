"""Which rule sends a step where: the first that fits, as a pure function (INF-08, INF-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.rules import range_of


class RouteKind(models.TextChoices):
    """Why a step lies with its unit."""

    PLAN = "plan", _("按事项目录")
    SUBSTITUTE = "substitute", _("本级没有该部门，由代办单位承办")
    RULE = "rule", _("按分办规则")
    FALLBACK = "fallback", _("按兜底规则")
    HANDED_ON = "handed_on", _("转办而来")


class Pick(models.TextChoices):
    """Who of the unit gets the step."""

    UNIT = "unit", _("由单位接收")
    POST = "post", _("指定经办人")
    LEAST_BUSY = "least_busy", _("在办最少的经办人")


@dataclass(frozen=True)
class Asked:
    """What a step is about, as rules see it."""

    item: int
    category: str
    step: str
    division: int
    channel: str


class Ordered(Protocol):
    """A rule as the database keeps it; an empty condition asks for nothing."""

    @property
    def fallback(self) -> bool: ...
    @property
    def division_id(self) -> int: ...
    @property
    def item_id(self) -> int | None: ...
    @property
    def category_id(self) -> str | None: ...
    @property
    def step(self) -> str: ...
    @property
    def channel(self) -> str: ...


R = TypeVar("R", bound=Ordered)


def fits(rule: Ordered, asked: Asked) -> bool:
    """Whether every condition of a rule holds."""
    return (
        range_of(rule.division_id).holds(asked.division)
        and rule.item_id in (None, asked.item)
        and rule.category_id in (None, asked.category)
        and rule.step in ("", asked.step)
        and rule.channel in ("", asked.channel)
    )


def first_rule(rules: Iterable[R], asked: Asked) -> R | None:
    """The first rule that fits, in the order in which they come."""
    return next((one for one in rules if not one.fallback and fits(one, asked)), None)


def nearest_fallback(rules: Iterable[R], asked: Asked) -> R | None:
    """The fallback of the smallest place around; of equals, the first."""
    found = [one for one in rules if one.fallback and fits(one, asked)]
    return max(found, key=lambda one: one.division_id, default=None)
