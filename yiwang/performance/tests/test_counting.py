"""Every number equals the list behind it and what the records say, kept or counted now."""

from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F, Min, Q
from django.test import Client
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, RUDONG, STREET, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import escalate_late
from yiwang.matters.models import Escalation, Event, Matter, Rating, Step
from yiwang.matters.reads import planned
from yiwang.matters.rules.escalation import RESPONSES
from yiwang.performance.actions import correct_days, keep_days
from yiwang.performance.jobs import keep_performance
from yiwang.performance.models import DaySummary, KeptDay
from yiwang.performance.reads import behind, tally
from yiwang.performance.reads.facts import Scope
from yiwang.performance.rules import FIGURES, Period, value_of
from yiwang.residents.actions import add_resident

ITEM = "elder-care-subsidy"
TODAY = timezone.localdate()
EVERY_PLACE = (CITY, CHONGCHUAN, STREET, COMMUNITY, NEIGHBOUR, RUDONG, VILLAGE)


def ago(days, hour=10):
    day = TODAY - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture
def history(world, catalogue):
    """A month of matters in three communities: taken, finished, refused, withdrawn, rated, late."""
    clerk = world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "如东人")
    admins = {COMMUNITY: world.network_admin, NEIGHBOUR: world.neighbour_admin, VILLAGE: clerk}
    for turn, (place, by) in enumerate(list(admins.items()) * 3):
        with circumstances(at=ago(40)):
            person = add_resident(
                world.place(place), name=f"张{'甲乙丙丁戊己庚辛壬'[turn]}",
                values={"phone": f"154000{turn:05d}"}, surely_new=True, by=by,
            )  # fmt: skip
        begun = (31, 20, 6)[turn % 3] + turn // 3
        matter = accepted(world, place, person, by, begun, ("window", "phone", "web")[turn // 3])
        followed(matter, by, begun, turn)
    Matter.objects.filter(pk=Matter.objects.earliest("pk").pk).update(confidential=True)
    escalate_late()


def accepted(world, place, person, by, begun, channel):
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    with circumstances(at=ago(begun)):
        return actions.accept_matter(
            world.place(place), item=ITEM, resident=person, answers={}, channel=channel,
            materials=papers, by=by,
        )  # fmt: skip


def followed(matter, by, begun, turn):
    """What became of it, different for every turn."""
    step = Step.objects.select_related("matter").get(matter=matter, state="active")
    if turn % 4 == 3:
        with circumstances(at=ago(begun - 1)):
            actions.withdraw_matter(matter, reason="不办了", by=by)
        return
    if turn % 4 == 2:
        return
    with circumstances(at=ago(begun, hour=11 + turn % 2 * 6)):
        actions.take_step(step, by=by)
    with circumstances(at=ago(begun - 2)):
        actions.complete_step(step, by=by)
    done = begun - 3 - turn % 2
    Step.objects.filter(matter=matter).exclude(state="done").update(state="cancelled")
    Matter.objects.filter(pk=matter.pk).update(
        state=("finished", "refused")[turn % 2], finished_at=ago(done)
    )
    if turn % 5 == 0:
        Matter.objects.filter(pk=matter.pk).update(due_at=ago(done + 1), amber_at=ago(done + 1))
    matter.refresh_from_db()
    Rating.objects.create(
        matter=matter, grade=1 + turn % 5, channel="web", at=ago(max(done - 1, 0))
    )


def listed(figure, place, period, actor=None, **more):
    near = depth_of(place) >= Depth.TOWNSHIP
    scope = Scope.of(range_of(place), actor, near=near, **more)
    count, rows = behind(scope, figure.source, figure.holds, period, start=0, limit=1000)
    assert count == len(rows)
    return count


def by_hand(place, period):
    """The same figures once more, from the records by another way."""
    area, day = range_of(place), lambda name: {f"{name}__date__range": (period.first, period.last)}
    mine = Q(division_id__range=(area.lo, area.hi), confidential=False)
    of = Q(matter__in=Matter.objects.filter(mine))
    ended = Matter.objects.filter(mine, state__in=["finished", "refused"], **day("finished_at"))
    rated = Rating.objects.filter(of, **day("at"))
    steps = Step.objects.filter(of, state="done", **day("done_at"))
    first = Event.objects.filter(of, kind__in=RESPONSES).order_by().values("matter")
    first = first.annotate(first=Min("at"), begun=F("matter__accepted_at"))
    answered = [
        one for one in first if period.first <= timezone.localdate(one["first"]) <= period.last
    ]
    gone = Q(finished_at__date__lte=period.last)
    return {
        "accepted": Matter.objects.filter(mine, **day("accepted_at")).count(),
        "open": Matter.objects.filter(mine, accepted_at__date__lte=period.last)
        .exclude(gone)
        .count(),
        "answered": ended.count(),
        "on_time": ended.filter(finished_at__lte=F("due_at")).count(),
        "late": ended.filter(finished_at__gt=F("due_at")).count(),
        "responded": len(answered),
        "prompt": sum(
            one["first"] <= deadline(one["begun"], 2, Unit.WORKING_HOURS, calendar())
            for one in answered
        ),
        "escalated": Escalation.objects.filter(of, **day("noticed_at")).count(),
        "rated": rated.count(),
        "satisfied": rated.filter(grade__gt=2).count(),
        "steps": steps.count(),
        "steps_on_time": steps.filter(done_at__lte=F("due_at")).count(),
        "steps_late": steps.filter(done_at__gt=F("due_at")).count(),
    }


def numbers(place, period, actor=None):
    whole = tally(place, period, actor).whole
    return {one.code: value_of(one.code, whole) for one in FIGURES}


PERIODS = [
    Period(TODAY, TODAY), Period(TODAY - timedelta(days=33), TODAY),
    Period(TODAY - timedelta(days=28), TODAY - timedelta(days=5)),
]  # fmt: skip


def test_every_number_equals_the_list_behind_it_before_and_after_it_is_kept(world, history):
    for kept in (False, True):
        if kept:
            assert keep_performance() == TODAY - timedelta(days=1)
        for place in EVERY_PLACE:
            for period in PERIODS:
                said = numbers(place, period)
                assert said == by_hand(place, period), (kept, place, period)
                lists = {one.code: listed(one, place, period) for one in FIGURES}
                assert said == lists, (kept, place, period)
    assert sum(numbers(CITY, PERIODS[1]).values()) > 20
    assert DaySummary.objects.exists()


def test_the_parts_of_a_place_add_up_to_it(world, history):
    keep_performance()
    for place in (CITY, STREET):
        found = tally(place, PERIODS[1])
        for dimension in ("unit", "category", "channel", "place"):
            for one in FIGURES:
                parts = sum(value_of(one.code, cell) for cell in found.by(dimension).values())
                assert parts == value_of(one.code, found.whole), (place, dimension, one.code)


def test_an_outage_is_caught_up_and_a_late_change_put_right(world, history):
    city, system = world.place(CITY), Actor.system()
    keep_days(city, last=TODAY - timedelta(days=10), by=system)
    assert keep_performance() == TODAY - timedelta(days=1)
    oldest = timezone.localdate(Matter.objects.earliest("accepted_at").accepted_at)
    assert KeptDay.objects.count() == (TODAY - oldest).days
    moved = Matter.objects.filter(division_id=COMMUNITY, confidential=False)[0]
    Matter.objects.filter(pk=moved.pk).update(division_id=VILLAGE)
    correct_days(city, by=system)
    for place in (CITY, CHONGCHUAN, RUDONG):
        assert numbers(place, PERIODS[1]) == by_hand(place, PERIODS[1])


def test_only_the_city_keeps_and_only_days_that_are_over(world, history):
    with pytest.raises(PermissionDenied):
        keep_days(world.place(CITY), last=date(2026, 1, 1), by=world.network_admin)
    with pytest.raises(Refused, match="没有过完"):
        keep_days(world.place(CITY), last=TODAY, by=Actor.system())


def test_a_department_counts_its_own_unit_with_what_is_confidential(world, history):
    bureau = world.bureau_clerk
    secret = Matter.objects.get(confidential=True)
    Matter.objects.filter(pk=secret.pk).update(
        acceptor_unit=bureau.unit_id, units=[*secret.units, bureau.unit_id]
    )
    keep_performance()
    said = numbers(CHONGCHUAN, PERIODS[1], bureau)
    lists = {one.code: listed(one, CHONGCHUAN, PERIODS[1], bureau) for one in FIGURES}
    assert (said, said["accepted"]) == (lists, 1)
    stranger = world.unit(CHONGCHUAN, "housing").pk
    assert listed(FIGURES[0], CHONGCHUAN, PERIODS[1], bureau, unit=stranger) == 0


def browser(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_every_link_of_the_page_opens_a_list_of_so_many(world, history):
    page = browser(world.street_clerk).get("/desk/performance/", {"kind": "quarter"})
    client = browser(world.street_clerk)
    links = 0
    cells = [card.cell for card in page.context["cards"]]
    cells += [one for table in page.context["tables"] for _l, _d, row in table.rows for one in row]
    for cell in cells:
        if cell.url:
            answer = client.get(cell.url)
            assert answer.context["count"] == cell.value, cell.url
            assert answer.status_code == 200
            links += 1
    assert links > 15
    asked = parse_qs(urlsplit(cells[0].url).query)
    assert asked["place"] == [str(STREET)]


def test_small_numbers_are_hidden_from_who_may_not_see_matters(world, history):
    officer = world.actor(Role.DATA_OFFICER, CHONGCHUAN, "civil_affairs", "保护员")
    page = browser(officer).get("/desk/performance/").content.decode()
    assert "&lt;5" in page
    assert "/desk/performance/matters/" not in page
    answer = browser(officer).get(
        f"/api/v1/performance/figures/{CHONGCHUAN}?first={PERIODS[1].first}&last={TODAY}"
    )
    assert answer.json()["figures"]["rated"] is None


def test_what_cannot_be_read_is_said_beside_the_field(world, history):
    client = browser(world.street_clerk)
    wrong = {"kind": "free", "first": "2026-05-02", "last": "2026-05-01"}
    assert "结束日期不能早于开始日期" in client.get("/desk/performance/", wrong).content.decode()
    later = {"on": (TODAY + timedelta(days=400)).isoformat()}
    assert "这一天还没有到" in client.get("/desk/performance/", later).content.decode()
    elsewhere = client.get("/desk/performance/", {"place": VILLAGE})
    assert elsewhere.context["place"].pk == STREET


def test_programs_read_the_same_figures_and_lists(world, history):
    client = browser(world.street_clerk)
    days = f"first={PERIODS[1].first}&last={TODAY}"
    said = client.get(f"/api/v1/performance/figures/{STREET}?{days}").json()
    assert said["figures"] == by_hand(STREET, PERIODS[1])
    behind_it = client.get(f"/api/v1/performance/matters/{STREET}?figure=accepted&{days}").json()
    assert behind_it["count"] == said["figures"]["accepted"] == len(behind_it["lines"])
    assert client.get(f"/api/v1/performance/figures/{VILLAGE}?{days}").status_code == 404
    assert client.get(f"/api/v1/performance/matters/{STREET}?figure=x&{days}").status_code == 409


def test_workbooks_hold_the_tables_and_the_list(world, history):
    client = browser(world.street_clerk)
    assert client.get("/desk/performance/export/", {"kind": "year"}).status_code == 200
    listed_file = client.get("/desk/performance/matters/export/", {"kind": "year"})
    assert listed_file["Content-Type"].startswith("application/vnd.openxml")
