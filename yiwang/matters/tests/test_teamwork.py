"""Talk among colleagues, views of the list, several matters at once (EXP-25, EXP-62)."""

import pytest
from django.test import Client

from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.accounts.models import Post, User
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Comment, Event, Mention, SavedView, Step
from yiwang.matters.reads import planned

LIST = "/desk/matters/"


def browser(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def accept(world, catalogue, resident):
    def do():
        papers = [HandedIn(need.code) for need in planned("elder-care-subsidy").guide.materials]
        return actions.accept_matter(
            world.place(COMMUNITY), item="elder-care-subsidy", resident=resident, answers={},
            channel="window", materials=papers, by=world.network_admin,
        )  # fmt: skip

    return do


def said(matter, audience, by, mentions=()):
    posts = [Post.objects.get(pk=one.post_id) for one in mentions]
    return actions.comment_matter(
        matter, text="家属电话改了", audience=audience, mentions=posts, by=by
    )


def test_a_comment_is_read_as_far_as_it_was_meant(world, accept):
    matter = accept()
    clerk = world.street_clerk
    beside = world.actor(Role.LEADER, STREET, "service_centre", "街道领导")
    above = world.actor(Role.LEADER, CHONGCHUAN, "civil_affairs", "区领导")
    readers = {"unit": [clerk], "level": [clerk, beside],
               "all": [clerk, beside, above, world.network_admin]}  # fmt: skip
    everyone = readers["all"]
    for audience, meant in readers.items():
        comment = said(matter, audience, clerk)
        seen = [one for one in everyone if comment in Comment.objects.visible_to(one)]
        assert seen == meant, audience
    assert not Comment.objects.visible_to(world.neighbour_admin).exists()
    assert not Event.objects.filter(text="家属电话改了").exists()


def test_who_is_named_finds_it_and_who_could_not_read_it_is_not_named(world, accept):
    matter, clerk = accept(), world.street_clerk
    with pytest.raises(Refused, match="看不到这条讨论"):
        said(matter, "level", clerk, [world.network_admin])
    assert not Comment.objects.exists()
    said(matter, "all", clerk, [world.network_admin])
    reader = browser(world.network_admin)
    assert "1 处同事提到您" in reader.get("/desk/").content.decode()
    assert "家属电话改了" in reader.get("/desk/matters/mentions/").content.decode()
    assert Mention.objects.get().read_at is not None
    assert "处同事提到您" not in reader.get("/desk/").content.decode()


def test_comments_are_written_on_their_page_and_over_the_api(world, accept):
    matter = accept()
    client = browser(world.network_admin)
    address = f"{LIST}{matter.number}/comments/"
    assert client.post(address, {"text": "", "audience": "all"}).status_code == 422
    assert client.post(address, {"text": "请看附件", "audience": "all"}).status_code == 302
    assert "请看附件" in browser(world.street_clerk).get(address).content.decode()
    api = f"/api/v1/matters/{matter.number}/comments"
    made = client.post(api, {"text": "再看一次", "audience": "unit"}, "application/json")
    assert (made.status_code, len(client.get(api).json())) == (201, 2)
    assert len(browser(world.street_clerk).get(api).json()) == 1
    assert browser(world.neighbour_admin).get(api).status_code == 404


def test_a_view_keeps_filters_and_columns_under_a_name(world, accept):
    accept()
    client = browser(world.network_admin)
    query = "tab=area&state=working&cols=category&cols=place"
    assert client.post(f"{LIST}views/", {"name": "在办", "query": query}).status_code == 302
    page = client.get(f"{LIST}?{query}")
    text = page.content.decode()
    assert page.context["views"][0][1] is True
    assert '<th scope="col">类别</th>' in text
    assert '<th scope="col">居民</th>' not in text
    assert (
        client.post(f"{LIST}views/", {"name": " ", "query": query}, follow=True).status_code == 200
    )
    view = SavedView.objects.get()
    assert browser(world.street_clerk).post(f"{LIST}views/{view.pk}/drop/").status_code == 404
    assert client.post(f"{LIST}views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_the_preview_says_what_would_happen_and_keeps_nothing(world, accept):
    first, second, taken = accept(), accept(), accept()
    actions.take_step(Step.objects.get(matter=taken, state="active"), by=world.network_admin)
    lines = JournalLine.objects.count()
    numbers = [one.number for one in (first, second, taken)]
    client = browser(world.network_admin)
    page = client.post(f"{LIST}batch/", {"way": "take", "number": numbers})
    why = {row.matter.number: row.why for row in page.context["rows"]}
    assert (why[first.number], bool(why[taken.number])) == ("", True)
    assert not Step.objects.filter(matter=first, handler__isnull=False).exists()
    assert JournalLine.objects.count() == lines
    done = client.post(f"{LIST}batch/", {"way": "take", "number": numbers[:2], "confirm": "1"})
    assert done.context["ready"] == 2
    assert Step.objects.filter(handler_id=world.network_admin.post_id).count() == 3


def test_several_are_urged_with_one_text_and_nothing_without(world, accept):
    matter = accept()
    client = browser(world.street_clerk)
    body = {"way": "urge", "number": [matter.number], "confirm": "1"}
    assert client.post(f"{LIST}batch/", body).status_code == 422
    assert client.post(f"{LIST}batch/", {**body, "text": "请抓紧"}).status_code == 200
    assert Event.objects.filter(matter=matter, kind="urged", text="请抓紧").count() == 1
    assert client.post(f"{LIST}batch/", {"way": "take"}).status_code == 302
    said = client.post(
        "/api/v1/matters/batch/",
        {"numbers": [matter.number], "way": "note", "text": "记"},
        "application/json",
    ).json()
    assert said == [{"number": matter.number, "done": True, "why": ""}]
    assert not Event.objects.filter(matter=matter, kind="noted").exists()
