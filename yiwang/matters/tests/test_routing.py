"""Where a step goes and why: rules in their order, the fallback, the dry run, the gaps (INF-08)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.world import BINCHA, CHONGCHUAN, CITY, COMMUNITY, RUDONG, STREET
from yiwang.accounts.actions import close_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.divisions.rules import range_of
from yiwang.matters import actions
from yiwang.matters.actions.routing import Sending
from yiwang.matters.models import Category, RoutingRule, ServiceItem
from yiwang.matters.reads.routing import dry_run, gaps
from yiwang.matters.rules.routing import Asked, RouteKind, first_rule, nearest_fallback

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "elder-care-subsidy"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget("matters.")
    yield
    forget("matters.")


def rule(world, place=CITY, unit=(STREET, "service_centre"), by=None, **more):
    sending = Sending(unit=world.unit(*unit), reason="三定方案调整", **more)
    made = actions.add_rule(world.place(place), sending=sending, by=by or Actor.system())
    forget("matters.routing.")
    return made


def ways(place=COMMUNITY, channel="window"):
    tried = dry_run(ITEM, place, channel, timezone.localdate())
    return [(one.way.unit.code, one.way.kind) if one.way else None for one in tried]


def test_without_rules_the_catalogue_names_the_unit(world):
    assert ways() == [
        ("committee", RouteKind.PLAN), ("civil_affairs", RouteKind.PLAN),
        ("civil_affairs", RouteKind.PLAN),
    ]  # fmt: skip


def test_the_first_rule_that_fits_wins(world):
    item = ServiceItem.objects.get(code=ITEM)
    late = rule(world, order=50, category=item.category, unit=(STREET, "health"))
    first = rule(world, order=10, item=item, step="township_review")
    rule(world, place=RUDONG, order=1, unit=(BINCHA, "health"))
    tried = dry_run(ITEM, COMMUNITY, "window", timezone.localdate())
    assert [one.way and one.way.rule for one in tried] == [late, first, late]
    assert first.unit.code == "service_centre"


def test_a_matter_keeps_the_rule_that_sent_it(world, accepted):
    made = rule(world, item=ServiceItem.objects.get(code=ITEM), step="township_review")
    steps = {one.code: one for one in accepted().steps.select_related("rule")}
    assert steps["township_review"].rule == made
    assert steps["township_review"].route == RouteKind.RULE
    assert (steps["community_check"].rule, steps["community_check"].route) == (None, "plan")


def test_the_door_decides_too(world):
    rule(world, channel="kiosk", unit=(STREET, "service_centre"))
    assert ways()[0] == ("committee", RouteKind.PLAN)
    assert ways(channel="kiosk")[0] == ("service_centre", RouteKind.RULE)


def test_the_least_busy_of_a_unit_gets_the_step(world, accepted):
    busy = world.post(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs", "忙人")
    idle = world.post(Role.WINDOW, STREET, "civil_affairs", "闲人")
    accepted().steps.filter(code="community_check").update(handler=busy)
    rule(world, unit=(STREET, "civil_affairs"), pick="least_busy")
    step = accepted().steps.get(code="community_check")
    assert step.handler_id == idle.pk


def test_nothing_is_nobodys_where_a_fallback_stands(world):
    for unit in world.place(BINCHA).units.all():
        close_unit(unit, on=timezone.localdate(), by=Actor.system())
    village = next(key for key in world.places if key // 1000 == BINCHA // 1000 and key != BINCHA)
    forget("matters.")
    assert ways(village)[1] is None
    open_gaps = [one for one in gaps(range_of(BINCHA)) if one.owner is None]
    assert {one.place.pk for one in open_gaps} == {BINCHA}
    county = rule(world, place=RUDONG, unit=(RUDONG, "civil_affairs"), fallback=True)
    city = rule(world, place=CITY, unit=(CITY, "civil_affairs"), fallback=True)
    assert ways(village)[1] == ("civil_affairs", RouteKind.FALLBACK)
    assert {one.owner for one in gaps(range_of(BINCHA))} == {county}
    assert city.fallback


def test_an_ended_rule_sends_nothing_any_more(world):
    made = rule(world)
    assert ways()[0][1] == RouteKind.RULE
    RoutingRule.objects.update(starts_on=timezone.localdate() - timedelta(days=9))
    actions.end_rule(RoutingRule.objects.get(pk=made.pk), reason="恢复", by=Actor.system())
    forget("matters.routing.")
    assert ways()[0] == ("committee", RouteKind.PLAN)
    with pytest.raises(Refused, match="已经终止"):
        actions.end_rule(made, reason="再来", by=Actor.system())


def test_a_rule_of_a_closed_unit_is_passed_over_and_follows_the_successor(world):
    made = rule(world, unit=(CHONGCHUAN, "housing"))
    heir = world.unit(CHONGCHUAN, "civil_affairs")
    close_unit(made.unit, on=timezone.localdate(), successor=heir, by=Actor.system())
    forget("matters.")
    made.refresh_from_db()
    assert made.unit == heir
    assert ways()[0] == ("civil_affairs", RouteKind.RULE)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"step": "no_such"}, "no_such_step"),
        ({"pick": "post"}, "post_elsewhere"),
        ({"starts_on": timezone.localdate() - timedelta(days=1)}, "dates"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(world, more, code):
    with pytest.raises(Refused) as refusal:
        rule(world, **more)
    assert refusal.value.code == code


def test_item_and_category_are_not_both_named(world):
    both = {"item": ServiceItem.objects.get(code=ITEM), "category": Category.objects.first()}
    with pytest.raises(Refused) as refusal:
        rule(world, **both)
    assert refusal.value.code == "item_or_category"


def test_rules_are_made_where_one_answers_for_the_place(world):
    county = world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "县管")
    assert rule(world, place=STREET, by=county).made_by == county.label
    with pytest.raises(PermissionDenied):
        rule(world, place=RUDONG, by=county)
    with pytest.raises(PermissionDenied):
        rule(world, place=COMMUNITY, by=world.network_admin)


def test_rules_cost_acceptance_no_statement(world, accepted):
    accepted()
    with CaptureQueriesContext(connection) as plain:
        accepted()
    rule(world, item=ServiceItem.objects.get(code=ITEM), step="township_review")
    accepted()
    with CaptureQueriesContext(connection) as ruled:
        accepted()
    assert len(ruled) == len(plain)


def test_handing_on_is_why_it_is_here(world, accepted):
    matter = accepted()
    step = matter.steps.get(state="active")
    step.matter = matter
    actions.hand_on_step(
        step, unit=world.unit(STREET, "health"), reason="属卫健", by=world.network_admin
    )
    assert step.route == RouteKind.HANDED_ON


def test_rules_are_asked_as_pure_data():
    class Rule:
        def __init__(self, place, *, fallback=False, channel=""):
            self.division_id, self.fallback, self.channel = place, fallback, channel
            self.item_id = self.category_id = None
            self.step = ""

    asked = Asked(1, "relief", "check", COMMUNITY, "kiosk")
    city, street, phone = Rule(CITY), Rule(STREET, fallback=True), Rule(CITY, channel="phone")
    wide = Rule(CITY, fallback=True)
    assert first_rule([phone, street, city], asked) is city
    assert nearest_fallback([wide, street, city], asked) is street
