"""Bundles (“一件事”): one form, one number, each item its own matter under it (INF-08)."""

import pytest

from tests.world import CITY, COMMUNITY
from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.rules import numbers
from yiwang.matters import actions
from yiwang.matters.actions.bundle import HandIn
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Bundle, BundleCase, Matter
from yiwang.matters.reads.bundle import bundled, progress_of_case
from yiwang.notifications.models import Message

pytestmark = pytest.mark.usefixtures("catalogue")
ITEMS = ["senior-allowance", "disability-allowances", "funeral-relief"]


@pytest.fixture
def bundle(world):
    facts = {"title": "老人一件事", "always": ["senior-allowance"]}
    return actions.publish_bundle(
        world.place(CITY), code="elder", facts=facts, items=ITEMS, by=Actor.system()
    )


def accept(world, bundle, resident, parts=None, **more):
    guide = bundled(bundle, parts).guide
    papers = [HandedIn(need.code) for need in guide.materials]
    hand_in = HandIn(resident, "window", materials=papers, **more)
    return actions.accept_bundle(
        world.place(COMMUNITY), bundle=bundle, hand_in=hand_in, parts=parts,
        by=world.network_admin,
    )  # fmt: skip


def test_shared_fields_are_on_the_form_once(bundle):
    plan = bundled(bundle)
    alone = [code for part in plan.parts for code in part.guide.fields]
    assert len(plan.guide.fields) == len(set(alone)) < len(alone)
    papers = [need.code for need in plan.guide.materials]
    assert len(papers) == len(set(papers))


def test_one_number_with_the_parts_under_it(world, bundle, resident):
    case = accept(
        world, bundle, resident, answers={"emergency_contact": "陈东"}, asked=["emergency_contact"]
    )
    assert numbers.parse(case.number) == case.number
    parts = list(Matter.objects.filter(bundle_case=case))
    assert {one.item.code for one in parts} == set(ITEMS)
    assert case.number not in {one.number for one in parts}
    assert sum("emergency_contact" in one.answers for one in parts) >= 1
    assert resident.source_records.filter(reference__startswith="matter:").count() == 1
    assert progress_of_case(case).done == 0
    (told,) = Message.objects.filter(kind="accepted")
    assert told.facts["item"] == bundle.title


def test_parts_may_be_left_out_but_not_the_ones_that_always_go_along(world, bundle, resident):
    case = accept(world, bundle, resident, parts=["disability-allowances"])
    codes = set(case.parts.values_list("item__code", flat=True))
    assert codes == {"senior-allowance", "disability-allowances"}


def test_all_or_nothing(world, bundle, resident):
    with pytest.raises(Refused) as refusal:
        actions.accept_bundle(
            world.place(COMMUNITY), bundle=bundle, hand_in=HandIn(resident, "window"),
            by=world.network_admin,
        )  # fmt: skip
    assert refusal.value.code == "materials_missing"
    assert not Matter.objects.exists()
    assert not BundleCase.objects.exists()


@pytest.mark.parametrize(
    ("items", "code"),
    [
        (["senior-allowance"], "too_few"),
        (["senior-allowance", "nothing-of-the-kind"], "no_such_item"),
        (["senior-allowance", "elder-care-subsidy"], "variants"),
    ],
)
def test_a_bundle_of_what_does_not_go_together_is_refused(world, items, code):
    with pytest.raises(Refused) as refusal:
        actions.publish_bundle(
            world.place(CITY), code="x", facts={"title": "某"}, items=items, by=Actor.system()
        )
    assert refusal.value.code == code


def test_a_retired_bundle_is_not_accepted(world, bundle, resident):
    actions.retire_bundle(bundle, by=Actor.system())
    with pytest.raises(Refused) as refusal:
        accept(world, Bundle.objects.get(), resident)
    assert refusal.value.code == "retired"
