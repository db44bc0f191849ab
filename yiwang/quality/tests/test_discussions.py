"""What a unit learns from a matter that was rated badly (QUA-12)."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.matters.actions import rate_matter
from yiwang.quality.actions import make_promise, record_discussion
from yiwang.quality.actions.discussing import Talk
from yiwang.quality.actions.promising import Word
from yiwang.quality.models import Discussion


def test_a_badly_rated_matter_is_discussed_with_who_what_and_which_promise(
    world, finished, sign_in
):
    good, bad = finished(2)
    rate_matter(bad, grade=1, reasons=["等候太久"], by=Actor.public("matters.rate"))
    unit, today = world.unit(COMMUNITY, "committee"), timezone.localdate()
    head = world.network_admin
    post = Post.objects.get(pk=head.post_id)
    word = Word("五分钟内有人招呼", "waiting", 5, reasons=["等候太久"])
    promise = make_promise(unit, word=word, by=head)
    talk = Talk(bad, today, [post], "叫号屏坏了没人管", "每天开门前检查", promise)

    def refused(**change):
        with pytest.raises(Refused) as told:
            record_discussion(unit, talk=Talk(**{**talk.__dict__, **change}), by=head)
        return told.value.code

    assert refused(matter=good) == "not_a_case"
    assert refused(held_on=today + timedelta(days=1)) == "in_future"
    assert refused(posts=[]) == "nobody"
    assert refused(measures=" ") == "text_missing"
    with pytest.raises(PermissionDenied):
        record_discussion(
            unit, talk=talk, by=world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee")
        )
    desk, address = sign_in(head), "/desk/quality/discussions/"
    said = {"number": bad.display_number, "held_on": today.isoformat(), "posts": [post.pk],
            "promise": promise.pk, "lessons": "叫号屏坏了", "measures": "每天检查"}  # fmt: skip
    wrong = desk.post(address, {**said, "number": good.number})
    assert wrong.status_code == 422
    assert "被退回或评价不满意" in wrong.content.decode()
    assert desk.post(address, said).status_code == 302
    made = Discussion.objects.get()
    assert (made.promise_id, list(made.posts.all())) == (promise.pk, [post])
    page = desk.get(address).content.decode()
    assert "1 件被退回、重办或评价不满意，1 件讨论过" in page
    assert "叫号屏坏了" in desk.get(f"{address}{made.pk}/").content.decode()
    assert desk.get("/api/v1/quality/discussions/figures").json() == {
        "cases": 1, "discussed": 1, "share": 100,
    }  # fmt: skip
    body = {"matter": bad.number, "held_on": (today - timedelta(days=1)).isoformat(),
            "posts": [post.pk], "lessons": "又谈一次", "measures": "换屏"}  # fmt: skip
    api = "/api/v1/quality/discussions"
    assert desk.post(api, json.dumps(body), content_type="application/json").status_code == 201
    assert desk.post(api, json.dumps(body), content_type="application/json").status_code == 409
    assert [one["lessons"] for one in desk.get(api).json()] == ["叫号屏坏了", "又谈一次"]
    county = sign_in(world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "顾县"))
    assert county.get(f"{address}{made.pk}/").status_code == 200
    other = sign_in(world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "韩霞"))
    assert other.get(f"{address}{made.pk}/").status_code == 404
