"""A neighbourhood for the browser: families with tags and a survey among them."""

from typing import Any

from tests.world import COMMUNITY, World, build_world
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division
from yiwang.needs.actions import (
    open_survey,
    save_survey,
)
from yiwang.residents.models import Resident
from yiwang.tags.actions import recompute, set_tag
from yiwang.tags.models import TagKind
from yiwang.tags.tests.families import home, person

from .test_rules import ROWS

FAMILIES = (
    ("陈桂英", "1940-03-12"), ("张建国", "1938-07-01", "李秀兰", "1941-02-20"),
    ("王志强", "1950-05-05", "周美玲", "1952-09-09", "王小宝", "2016-06-01"),
    ("赵德福", "1935-01-15"), ("孙丽华", "1962-04-04"), ("吴国平", "1958-08-30", "吴婷", "1990-10-10"),
)  # fmt: skip


def build() -> dict[str, Any]:
    """Everything through the acts; gives the survey, a person and who is at work."""
    there = {place.pk: place for place in Division.objects.all()}
    world = World(there) if there else build_world()
    admin, place = world.network_admin, world.place(COMMUNITY)
    people: dict[str, Resident] = {}
    for number, family in enumerate(FAMILIES, 1):
        members = [
            person(world, name, born) for name, born in zip(family[::2], family[1::2], strict=True)
        ]
        people |= {one.name: one for one in members}
        home(world, f"{number}幢{number}01室", *members)
    recompute(place, by=admin)
    chen = people["陈桂英"]
    disabled = TagKind.objects.get(code="disabled")
    set_tag(
        chen, kind=disabled, variant="physical", grade="two", evidence="32069019400312002642",
        by=admin,
    )  # fmt: skip
    survey = save_survey(place, title="2026 年助餐需求调查", content=ROWS, by=admin)
    open_survey(survey, seed=2026, by=admin)
    world.actor(Role.WORKER, COMMUNITY, "committee")
    return {
        "person": chen.pk, "survey": survey.pk,
        "user": world.post(Role.WORKER, COMMUNITY, "committee").user.username,
    }  # fmt: skip
