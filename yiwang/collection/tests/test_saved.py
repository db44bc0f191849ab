"""What nobody was asked again at the door is counted, and nothing held is asked as a new item."""

import pytest
from django.utils import timezone

from tests.world import World
from yiwang.collection import actions
from yiwang.collection.models import Submission
from yiwang.console.reads.duties import Today
from yiwang.console.reads.week import saved_at_doors
from yiwang.core.errors import Refused

from .place import form_for, items_of, opened, phone, settled, worker

pytestmark = pytest.mark.django_db


def test_what_is_held_and_fresh_is_counted_as_not_asked(world: World) -> None:
    settled(world, 2)
    campaign = opened(world, fields=["phone", "born_on"])
    first, second = items_of(campaign)
    said = form_for(first, phone=phone(4801))
    for one in said["people"].values():
        one["same"] = []
    actions.fill_item(first, key="a", answers=said, base=0, by=worker(world))
    absent = form_for(second)
    for one in absent["people"].values():
        one["status"] = "absent"
    actions.fill_item(second, key="b", answers=absent, base=0, by=worker(world))
    counted = Submission.objects.order_by("pk").values_list("fields_needed", "fields_asked")
    assert list(counted) == [(2, 1), (0, 0)]
    saved = saved_at_doors(worker(world), Today.at(timezone.now()))
    assert (saved.needed, saved.saved) == (2, 1)


def test_a_form_filled_again_is_counted_once_and_what_was_confirmed_was_asked(
    world: World,
) -> None:
    settled(world, 1)
    (item,) = items_of(opened(world, fields=["phone", "born_on"]))
    answers = form_for(item, phone=phone(4801))
    actions.fill_item(item, key="a", answers=answers, base=0, by=worker(world))
    actions.fill_item(item, key="b", answers=answers, base=1, by=worker(world))
    saved = saved_at_doors(worker(world), Today.at(timezone.now()))
    assert (saved.needed, saved.saved) == (2, 0)


@pytest.mark.parametrize("name", ["手机号码", "您的出生日期", "残疾证号"])
def test_a_new_item_that_the_register_owns_is_refused_with_the_field_to_bind(
    world: World, name: str
) -> None:
    settled(world, 1)
    with pytest.raises(Refused) as refusal:
        opened(world, questions=[{"name": name, "type": "text"}])
    assert refusal.value.code == "invalid"
    assert "请改用信息项" in refusal.value.fields["questions"]
