"""Surveys from the questions to the quick results; the yearly assessment made of them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.needs.actions import (
    answer_survey,
    approve_assessment,
    close_survey,
    comment_assessment,
    compile_assessment,
    mark_stop,
    move_need,
    open_survey,
    register_need,
    return_assessment,
    save_survey,
    submit_assessment,
)  # fmt: skip
from yiwang.needs.models import Assessment, Survey, SurveyStop
from yiwang.needs.reads import assessed, coverage, results
from yiwang.residents.models import Household, Relation, Resident

from .test_rules import ROWS


@pytest.fixture
def homes(world: World) -> None:
    """Forty households of one; entered at once, as an import does."""
    place = world.place(COMMUNITY)
    houses = Household.objects.bulk_create(
        Household(division=place, number=f"{number}") for number in range(40)
    )
    Resident.objects.bulk_create(
        Resident(
            division=place, name="王一", name_pinyin="wangyi", birth_year=1950, household=house,
            relation=Relation.HEAD,
        )
        for house in houses
    )  # fmt: skip


@pytest.fixture
def survey(world: World, homes: None) -> Survey:
    made = save_survey(
        world.place(COMMUNITY), title="助餐调查", content=ROWS, percent=50, least=10,
        by=world.network_admin,
    )  # fmt: skip
    return open_survey(made, seed=7, by=world.network_admin)


def answered(world: World, survey: Survey, stop: SurveyStop, **said: Any) -> Survey:
    told = {"q1": "yes", "q2": ["noon"], **said}
    return answer_survey(survey, stop=stop.pk, answers=told, door="phone", by=world.network_admin)


def test_half_of_forty_households_are_drawn_and_can_be_drawn_again(
    world: World, survey: Survey
) -> None:
    assert (survey.households, survey.stops.count()) == (40, 20)
    twin = save_survey(
        world.place(COMMUNITY), title="核对", content=ROWS, percent=50, least=10,
        by=world.network_admin,
    )  # fmt: skip
    open_survey(twin, seed=7, by=world.network_admin)
    assert list(twin.stops.values_list("household")) == list(survey.stops.values_list("household"))
    other = save_survey(
        world.place(COMMUNITY), title="另抽", content=ROWS, percent=50, least=10,
        by=world.network_admin,
    )  # fmt: skip
    open_survey(other, seed=8, by=world.network_admin)
    assert list(other.stops.values_list("household")) != list(survey.stops.values_list("household"))
    with pytest.raises(Refused, match="已经开始"):
        open_survey(survey, by=world.network_admin)
    with pytest.raises(PermissionDenied):
        open_survey(twin, by=world.neighbour_admin)


def test_a_place_without_households_cannot_be_drawn_from(world: World) -> None:
    made = save_survey(world.place(COMMUNITY), title="空", content=ROWS, by=world.network_admin)
    assert (made.percent, made.least) == (5, 100)
    with pytest.raises(Refused) as refusal:
        open_survey(made, by=world.network_admin)
    assert refusal.value.code == "nobody"


def test_fifteen_of_twenty_are_in_and_five_addresses_are_missing(
    world: World, survey: Survey
) -> None:
    stops = list(survey.stops.all())
    for stop in stops[:15]:
        answered(world, survey, stop)
    mark_stop(survey, stop=stops[15].pk, state="absent", by=world.network_admin)
    found = coverage(survey)
    assert (found.percent, found.missing, found.absent) == (75, 5, 1)
    missing = survey.stops.exclude(state="answered").values_list("pk", flat=True)
    assert list(missing) == [stop.pk for stop in stops[15:]]


def test_an_answer_is_given_once_and_rightly(world: World, survey: Survey) -> None:
    first = survey.stops.all()[0]
    with pytest.raises(Refused) as refusal:
        answered(world, survey, first, q2=[])
    assert set(refusal.value.fields) == {"q2"}
    answered(world, survey, first)
    with pytest.raises(Refused, match="已经录入"):
        answered(world, survey, first)
    with pytest.raises(Refused, match="已经录入"):
        mark_stop(survey, stop=first.pk, state="absent", by=world.network_admin)
    with pytest.raises(PermissionDenied):
        answer_survey(survey, stop=first.pk, answers={}, door="phone", by=world.neighbour_admin)


def test_another_version_leaves_the_answers_with_theirs(world: World, survey: Survey) -> None:
    stops = list(survey.stops.all())
    answered(world, survey, stops[0])
    changed = [*ROWS[:3], {"code": "q5", "kind": "text", "text": "电话方便吗？"}]
    save_survey(
        world.place(COMMUNITY), title="助餐调查", content=changed, survey=survey,
        by=world.network_admin,
    )  # fmt: skip
    answered(world, survey, stops[1], q5="方便")
    assert [stop.answer.version.number for stop in survey.stops.all()[:2]] == [1, 2]
    same = save_survey(
        world.place(COMMUNITY), title="助餐调查", content=changed, survey=survey,
        by=world.network_admin,
    )  # fmt: skip
    assert same.versions.count() == 2
    with pytest.raises(Refused, match="没有这个版本"):
        answer_survey(
            survey, stop=stops[2].pk, answers={}, door="paper", number=9, by=world.network_admin
        )


def test_a_closed_survey_takes_nothing_more(world: World, survey: Survey) -> None:
    close_survey(survey, by=world.network_admin)
    with pytest.raises(Refused, match="或已经结束"):
        answered(world, survey, survey.stops.all()[0])
    with pytest.raises(Refused, match="已经结束"):
        save_survey(
            world.place(COMMUNITY), title="x", content=ROWS, survey=survey, by=world.network_admin
        )


def test_results_leave_small_figures_out(world: World, survey: Survey) -> None:
    stops = list(survey.stops.all())
    for stop in stops[:12]:
        answered(world, survey, stop, q3="2")
    for stop in stops[12:15]:
        answered(world, survey, stop, q1="no")
    first, second, third, _text = results(survey)
    assert first.asked == 15
    assert [count for _label, count, _percent in first.rows] == [None, None]
    assert [count for _label, count, _percent in second.rows] == [12, 0]
    assert third.mean == 2.0


def compiled(world: World, survey: Survey) -> Assessment:
    """Ten of twenty households want meals: twenty of forty; six people have what they need."""
    stops = list(survey.stops.all())
    for at, stop in enumerate(stops):
        answered(world, survey, stop, q1="yes" if at < 10 else "no")
    place, by = world.place(COMMUNITY), world.network_admin
    said: dict[str, Any] = {"channel": "visit", "group": "老人"}
    need = register_need(place, category="eldercare", text="助餐", people=6, by=by, **said)
    move_need(need, to="met", by=by)
    register_need(place, category="health", text="康复", people=5, by=by, **said)
    return compile_assessment(place, year=timezone.localdate().year, by=by)


def test_dining_ranked_first_becomes_a_draft_line_with_its_users(
    world: World, survey: Survey
) -> None:
    made = compiled(world, survey)
    assert [(row["category"], row["demand"], row["gap"]) for row in made.figures[:2]] == [
        ("eldercare", 20, 14), ("health", 5, 5),
    ]  # fmt: skip
    assert (made.base["residents"], made.base["households"], made.base["elders"]) == (40, 40, 40)
    by = world.network_admin
    with pytest.raises(Refused) as refusal:
        submit_assessment(made, text="先办助餐", by=by)
    assert refusal.value.code == "comment_needed"
    with pytest.raises(Refused) as refusal:
        comment_assessment(made, representative="", text="", by=by)
    assert set(refusal.value.fields) == {"representative", "text"}
    comment_assessment(made, representative="李大妈", text="同意", by=by)
    with pytest.raises(Refused, match="只有报送的"):
        approve_assessment(made, by=world.street_clerk)
    submit_assessment(made, text="先办助餐", by=by)
    with pytest.raises(PermissionDenied):
        approve_assessment(made, by=by)
    approve_assessment(made, by=world.street_clerk)
    assert [(one.rank, one.category, one.users) for one in made.lines.all()] == [
        (1, "eldercare", 14), (2, "health", 5),
    ]  # fmt: skip
    with pytest.raises(Refused, match="不能再改"):
        compile_assessment(world.place(COMMUNITY), year=made.year, by=by)


def test_only_communities_and_years_that_began_are_assessed(world: World) -> None:
    by = world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")
    with pytest.raises(Refused) as refusal:
        compile_assessment(world.place(STREET), year=2026, by=by)
    assert refusal.value.code == "not_a_community"
    with pytest.raises(Refused) as refusal:
        compile_assessment(world.place(COMMUNITY), year=2999, by=by)
    assert refusal.value.code == "future"


def test_a_survey_does_not_ask_what_the_register_owns(world: World) -> None:
    rows = [*ROWS, {"code": "q9", "kind": "text", "text": "请问您的文化程度是什么？"}]
    with pytest.raises(Refused) as refusal:
        save_survey(world.place(COMMUNITY), title="调查", content=rows, by=world.network_admin)
    assert "education_level" in refusal.value.fields["questions"]


def test_the_township_sends_back_and_the_figure_counts_what_is_approved(world: World) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    office = world.actor(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    year = timezone.localdate().year
    made = compile_assessment(place, year=year, by=by)
    comment_assessment(made, representative="李秀兰", text="先把助餐点办起来。", by=by)
    with pytest.raises(Refused, match="报送"):
        return_assessment(made, reason="再核对", by=office)
    submit_assessment(made, text="助餐最缺。", by=by)
    with pytest.raises(Refused, match="原因"):
        return_assessment(made, reason=" ", by=office)
    with pytest.raises(PermissionDenied):
        return_assessment(made, reason="再核对", by=by)
    return_assessment(made, reason="户数再核对", by=office)
    assert (made.state, made.returned) == ("draft", "户数再核对")
    found = assessed(office, STREET, year)
    assert (found.communities, found.approved, found.percent) == (2, 0, 0)
    assert {one.pk: state for one, state in found.states}[COMMUNITY] == "draft"
    submit_assessment(made, text="助餐最缺。", by=by)
    assert made.returned == ""
    approve_assessment(made, by=office)
    found = assessed(office, STREET, year)
    assert (found.approved, found.percent) == (1, 50)
    assert assessed(by, STREET, year).percent == 100
    assert assessed(office, STREET, year - 1).approved == 0
