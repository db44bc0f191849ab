"""Removing the demonstration takes what is invented and leaves what every city begins with."""

from django.apps import apps

from config.demonstration.network import COURSE
from config.demonstration.removal import clear
from tests.world import CITY, COMMUNITY, LAN, build_world
from yiwang.accounts.actions import create_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit, User
from yiwang.liaison.actions import offer_course
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident
from yiwang.residents.models import Resident


def rows() -> dict[str, int]:
    """How many rows every table of ours has."""
    models = (one for one in apps.get_models() if one.__module__.startswith("yiwang."))
    return {one._meta.label_lower: one._base_manager.count() for one in models}


def test_removing_the_demonstration_leaves_what_a_city_begins_with(committed_db):
    world = build_world()
    load_catalogue()
    begun = rows()
    place = world.place(COMMUNITY)
    add_resident(
        place, name="陈桂英", values=dict(LAN), source="visit", source_label="走访",
        by=world.network_admin,
    )  # fmt: skip
    offer_course(world.place(CITY), plan=COURSE, by=Actor.system())
    create_unit(place, code="kiosk", name="便民服务亭", by=Actor.system())
    clear()
    left = {name: count for name, count in rows().items() if count}
    assert not Resident.objects.exists()
    assert not User.objects.exists()
    assert not Unit.objects.filter(code="kiosk").exists()
    # The journal keeps every line, also of what was invented.
    assert left.pop("core.journalline") > begun.pop("core.journalline")
    assert left == {name: count for name, count in begun.items() if count}
