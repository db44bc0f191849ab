"""A street's hall with two windows, open today."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.world import STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.queues import actions
from yiwang.queues.models import HallDay, Ticket, Window


def window_clerk(world: World) -> Actor:
    return world.actor(Role.WINDOW, STREET, "service_centre", "周敏")


def open_hall(world: World, windows: int = 2) -> HallDay:
    unit = world.unit(STREET, "service_centre")
    return actions.open_day(unit, letters=["A", "B"], windows=windows, by=window_clerk(world))


def sit(world: World, day: HallDay, number: int = 1, letters: str = "AB") -> Window:
    window = Window.objects.get(day=day, number=number)
    return actions.open_window(window, letters=list(letters), by=window_clerk(world))


def draw(world: World, day: HallDay, letter: str = "A", **more: Any) -> Ticket:
    return actions.take_ticket(day, letter=letter, **more, by=window_clerk(world))


def serve(world: World, window: Window, minutes: int, waited: int = 0) -> Ticket:
    """One number drawn, called after `waited` minutes and served for `minutes`, an hour ago or so."""
    clerk, day = window_clerk(world), window.day
    start = _noon() - timedelta(minutes=waited)
    with circumstances(at=start):
        draw(world, day)
    with circumstances(at=start + timedelta(minutes=waited)):
        ticket = actions.call_next(window, by=clerk)
        actions.start_service(ticket, by=clerk)
    with circumstances(at=start + timedelta(minutes=waited + minutes)):
        return actions.finish_service(ticket, by=clerk)


def _noon() -> datetime:
    """A moment of today, whatever the hour of the test."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def clerk(world: World) -> Actor:
    return window_clerk(world)


@pytest.fixture
def day(world: World) -> HallDay:
    return open_hall(world)


@pytest.fixture
def window(world: World, day: HallDay) -> Window:
    return sit(world, day)
