"""The workbench: each role sees its own, every number is its list, in few statements."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY
from yiwang.accounts.actions import create_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.console.reads.alerts import alerts_for
from yiwang.console.reads.duties import Today, duties
from yiwang.core.acts import circumstances
from yiwang.core.models import JournalSeal
from yiwang.matters import actions
from yiwang.matters.models import Step

HOME = "/desk/"


def figures_of(actor):
    return duties(actor, Today.at(timezone.now()))


def numbers_on(page):
    return [line.matter.number for line in page.context["lines"]]


def test_a_community_sees_its_queue_with_the_most_urgent_first(world, stream, sign_in):
    page = sign_in(world.network_admin).get(HOME)
    assert numbers_on(page) == [stream[key].number for key in ("late", "today", "amber", "green")]
    text = page.content.decode()
    assert "周敏，" in text
    assert "超期 2 天" in text
    assert "今天 23:59" in text
    assert "剩" in text


def test_the_page_says_what_to_do_first(world, stream, sign_in):
    text = sign_in(world.network_admin).get(HOME).content.decode()
    assert "1 件超期" in text
    assert "1 件今日到期" in text


def test_without_anything_due_it_says_so(world, catalogue, sign_in):
    text = sign_in(world.network_admin).get(HOME).content.decode()
    assert "今天没有到期的事项" in text
    assert "没有等本单位办理的事项" in text


@pytest.mark.parametrize("place", range(4))
def test_every_count_leads_to_a_list_of_that_length(world, stream, sign_in, place):
    browser = sign_in(world.network_admin)
    stat = browser.get(HOME).context["stats"][place]
    listed = browser.get(HOME + stat["url"].partition("#")[0])
    assert listed.context["page"].paginator.count == stat["count"]


def test_every_tab_counts_what_it_lists(world, stream, sign_in):
    with circumstances(at=timezone.now()):
        step = Step.objects.get(matter=stream["green"], state="active")
        actions.complete_step(step, opinion="属实", by=world.network_admin)
    browser = sign_in(world.network_admin)
    tabs = browser.get(HOME).context["tabs"]
    assert [tab["count"] for tab in tabs] == [3, 1, 0, 0]
    for tab in tabs:
        page = browser.get(HOME + tab["url"].partition("#")[0])
        assert page.context["page"].paginator.count == tab["count"]


def test_a_queue_longer_than_a_page_is_paged(world, accept, sign_in):
    for _ in range(11):
        accept()
    browser = sign_in(world.network_admin)
    assert len(browser.get(HOME).context["lines"]) == 10
    assert len(browser.get(HOME + "?queue=mine&page=2").context["lines"]) == 1
    assert len(browser.get(HOME + "?queue=mine&page=nonsense").context["lines"]) == 10


def test_a_neighbour_sees_none_of_it(world, stream, sign_in):
    page = sign_in(world.neighbour_admin).get(HOME)
    assert page.context["lines"] == []
    assert stream["late"].short_number not in page.content.decode()


def test_a_department_sees_only_matters_with_a_step_of_its_own(world, stream, sign_in):
    page = sign_in(world.bureau_clerk).get(HOME)
    assert page.context["figures"]["mine"] == 0
    step = Step.objects.get(matter=stream["late"], state="active")
    actions.complete_step(step, opinion="属实", by=world.network_admin)
    step = Step.objects.get(matter=stream["late"], state="active")
    actions.complete_step(step, opinion="同意", by=world.street_clerk)
    page = sign_in(world.bureau_clerk).get(HOME)
    assert numbers_on(page) == [stream["late"].number]


def test_a_leader_sees_approvals_and_what_is_late_in_the_area(world, stream, sign_in):
    page = sign_in(world.leader).get(HOME)
    assert [(stat["queue"], stat["count"]) for stat in page.context["stats"]] == [
        ("approve", 0), ("overdue", 1), ("amber", 2), ("area", 4),
    ]  # fmt: skip
    assert page.context["queue"].key == "overdue"
    assert numbers_on(page) == [stream["late"].number]


def test_an_extension_waits_for_the_leader_and_not_for_who_asked(world, stream, sign_in):
    actions.extend_matter(
        Step.objects.get(matter=stream["late"], state="active"),
        amount=2, reason="需要再次上门", by=world.network_admin,
    )  # fmt: skip
    page = sign_in(world.leader).get(HOME)
    assert page.context["figures"]["approve"] == 1
    assert "1 件延期申请等您审批" in page.content.decode()
    assert "approve" not in sign_in(world.network_admin).get(HOME).context["figures"]


def test_an_administrator_sees_the_installation_and_no_matters(world, stream, sign_in):
    page = sign_in(world.administrator).get(HOME)
    health = page.context["health"]
    assert (health.communities, health.posts) == (3, 2)
    assert health.sound
    assert page.context["tabs"] == []
    assert stream["late"].title not in page.content.decode()


def test_a_kiosk_keeper_sees_what_the_kiosk_accepted_and_nothing_else(world, stream, sign_in):
    create_unit(world.place(COMMUNITY), code="kiosk", name="南园便民亭", by=Actor.system())
    keeper = world.actor(Role.KIOSK, COMMUNITY, "kiosk", "丁亮")
    page = sign_in(keeper).get(HOME)
    assert page.status_code == 200
    assert stream["late"].title not in page.content.decode()


def test_a_forged_seal_is_the_first_thing_an_auditor_reads(world, sign_in):
    JournalSeal.objects.create(lines=[], digests=b"", previous=b"\1" * 32, digest=b"\2" * 32)
    auditor = world.actor(Role.AUDITOR, CHONGCHUAN, "civil_affairs", "陈立")
    page = sign_in(auditor).get(HOME)
    assert page.context["alerts"][0]["alert"].page == "core:journal"
    assert "日志的封印对不上" in page.content.decode()


def test_a_calendar_about_to_end_is_said_to_who_keeps_it(world):
    day = timezone.localdate().replace(year=2027, month=12, day=1)
    said = [alert.title for alert in alerts_for(world.administrator, {}, day)]
    assert said == ["工作日历还有 30 天到期"]
    assert alerts_for(world.network_admin, {}, day) == []


def test_overdue_matters_one_answers_for_stand_in_the_rail(world, accept):
    matter = accept()
    matter.due_at = timezone.now() - timedelta(hours=1)
    matter.amber_at = matter.due_at
    matter.save()
    figures = figures_of(world.network_admin)
    titles = [a.title for a in alerts_for(world.network_admin, figures, timezone.localdate())]
    assert "1 件由您首问负责的事项超期" in titles


def test_outdated_residents_are_counted_for_who_keeps_the_register(world, resident, sign_in):
    resident.fresh_until = timezone.localdate() - timedelta(days=1)
    resident.save()
    register = sign_in(world.network_admin).get(HOME).context["register"]
    assert (register["people"], register["stale"], register["percent"]) == (1, 1, 0)
    assert sign_in(world.leader).get(HOME).context["register"] is None


def test_the_week_counts_what_came_in_and_went_out(world, accept, sign_in):
    accept(days_ago=2)
    accept(days_ago=9)
    chart = sign_in(world.network_admin).get(HOME).context["chart"]
    assert (chart.accepted, chart.finished) == (1, 0)
    assert [bar.accepted for bar in chart.bars] == [0, 0, 0, 0, 1, 0, 0]


def test_the_workbench_says_how_many_items_nobody_was_asked_again(world, accept, sign_in):
    one, two = accept(days_ago=1), accept(days_ago=2)
    type(one).objects.filter(pk=one.pk).update(fields_needed=18, fields_asked=5)
    type(two).objects.filter(pk=two.pk).update(fields_needed=12, fields_asked=1)
    page = sign_in(world.network_admin).get(HOME)
    saved = page.context["saved"]
    assert (saved.needed, saved.saved, saved.percent) == (30, 24, 80)
    assert "24 项已有、没有再问（80%）" in page.content.decode()


def test_the_workbench_says_how_many_papers_were_not_handed_in_again(world, accept, sign_in):
    """SVC-06: papers on file that new matters used."""
    one, two = accept(days_ago=1), accept(days_ago=2)
    type(one).objects.filter(pk__in=[one.pk, two.pk]).update(papers_reused=2)
    page = sign_in(world.network_admin).get(HOME)
    assert page.context["saved"].papers == 4
    assert "4 份材料用的是档案里已有的，没有再交" in page.content.decode()


@pytest.mark.parametrize("role", ["network_admin", "street_clerk", "leader", "administrator"])
def test_the_workbench_takes_at_most_twelve_statements(world, stream, sign_in, role):
    browser = sign_in(getattr(world, role))
    browser.get(HOME)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(HOME).status_code == 200
    assert len(asked) <= 12, "\n".join(one["sql"][:200] for one in asked)


def test_what_stands_around_a_page_costs_two_statements(world, stream, sign_in):
    browser = sign_in(world.network_admin)
    browser.get("/desk/help/")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/desk/help/")
    around = [
        one for one in asked if "asked_queue" in one["sql"] or "accounts_delegation" in one["sql"]
    ]
    assert len(around) <= 2


def test_the_menu_has_only_what_the_post_may_open(world, stream, sign_in):
    def keys(actor):
        menu = sign_in(actor).get(HOME).context["menu"]
        menu = menu() if callable(menu) else menu
        return {item["key"]: item["url"] for section in menu for item in section["items"]}

    community = keys(world.network_admin)
    assert {"home", "matters", "drafts", "people", "import", "divisions"} <= set(community)
    assert not {"journal", "tokens", "supervise"} & set(community)
    assert community["staff"] == "/desk/accounts/board/"
    assert keys(world.street_clerk)["staff"] == "/desk/accounts/people/"
    assert {"supervise", "extensions"} <= set(keys(world.leader))
    assert "tokens" in keys(world.administrator)
    assert not {"matters", "people"} & set(keys(world.administrator))


def test_the_menu_counts_the_queue_of_my_unit(world, stream, sign_in):
    text = sign_in(world.network_admin).get("/desk/help/").content.decode()
    assert re.search(r'事项受理<span class="count">4</span>', text)


def test_english_staff_read_english(world, stream, sign_in):
    browser = sign_in(world.network_admin)
    browser.cookies["django_language"] = "en"
    text = browser.get(HOME).content.decode()
    assert "Assigned to me" in text
    assert "2 days overdue" in text
    assert "Community Network" in text
