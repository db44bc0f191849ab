"""Figures always equal the list behind them, today, on any day before, and in every summary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, STREET, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.divisions.rules import range_of
from yiwang.residents.actions import add_resident, create_household, mark_deceased, move_resident
from yiwang.residents.models import Resident
from yiwang.statistics.actions import forget_days, freeze_day, take_summaries
from yiwang.statistics.jobs import keep_figures
from yiwang.statistics.models import Summary
from yiwang.statistics.reads import figures_of, people_in_cell
from yiwang.statistics.reads.figures import least_shown, tables_of
from yiwang.statistics.rules import DEFINITIONS

PLACES = (COMMUNITY, NEIGHBOUR, VILLAGE)
EVERY_PLACE = (CITY, CHONGCHUAN, STREET, *PLACES)


def entered(world, place, *, day=None, **values):
    """Somebody the register knows since a day."""
    number = Resident.objects.count()
    at = day and datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=4)
    with circumstances(at=at):
        person = add_resident(
            world.place(place), name=f"张{'甲乙丙丁戊己庚辛'[number % 8]}{number}",
            values={"phone": f"1540001{number:04d}", **values}, surely_new=True,
            by=Actor.system(),
        )  # fmt: skip
    if day:
        Resident.objects.filter(pk=person.pk).update(created_at=at)
    return person


def listed(code, place, day):
    return people_in_cell(code, range_of(place), day).count()


def test_ages_are_full_years_on_the_day(world):
    today = timezone.localdate()
    entered(world, COMMUNITY, born_on=today.replace(year=today.year - 60).isoformat(), sex="female")
    tomorrow = today + timedelta(days=1)
    entered(world, COMMUNITY, born_on=tomorrow.replace(year=tomorrow.year - 60).isoformat())
    found = figures_of(world.place(COMMUNITY), today)
    assert found.value("elders") == 1 == listed("elders", COMMUNITY, today)
    assert found.value("people") == 2


def test_a_household_counts_while_somebody_lives_in_it(world):
    person = entered(world, COMMUNITY)
    create_household(world.place(COMMUNITY), number="1", head=person, by=Actor.system())
    create_household(world.place(COMMUNITY), number="2", by=Actor.system())
    today = timezone.localdate()
    assert figures_of(world.place(STREET), today).value("households") == 1
    mark_deceased(person, on=today, by=Actor.system())
    assert figures_of(world.place(STREET), today).value("households") == 0


def test_a_past_day_counts_who_was_there_then(world):
    today = timezone.localdate()
    mover = entered(world, COMMUNITY, day=today - timedelta(days=30))
    dead = entered(world, COMMUNITY, day=today - timedelta(days=30))
    entered(world, COMMUNITY, day=today - timedelta(days=2))
    move_resident(
        mover, to=world.place(NEIGHBOUR), on=today - timedelta(days=10), by=Actor.system()
    )
    mark_deceased(dead, on=today - timedelta(days=5), by=Actor.system())

    def people(place, days):
        return figures_of(world.place(place), today - timedelta(days=days)).value("people")

    assert [people(COMMUNITY, days) for days in (31, 20, 7, 3, 0)] == [0, 2, 1, 0, 1]
    assert [people(NEIGHBOUR, days) for days in (20, 7, 0)] == [0, 1, 1]
    assert figures_of(world.place(COMMUNITY), today - timedelta(days=7)).value("households") is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "leave", "die"]),
        st.integers(0, 9),
        st.sampled_from(PLACES),
        st.integers(0, 40),
        st.sampled_from([None, 1930, 1944, 1966, 1990, 2012, 2021]),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.usefixtures("world")
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_every_figure_equals_the_list_behind_it_on_every_day(world, steps):
    Summary.objects.all().delete()
    today = timezone.localdate()
    played(world, steps, today)
    for back in (0, 3, 17, 41):
        day = today - timedelta(days=back)
        take_summaries(world.place(CITY), on=day, by=Actor.system())
        for place in EVERY_PLACE:
            cells = Summary.objects.filter(division_id=place, on=day).values_list("cells").first()
            held = cells[0] if cells else {}
            found = figures_of(world.place(place), day)
            for one in DEFINITIONS:
                if one.of_people:
                    assert found.value(one.code) == listed(one.code, place, day), (place, one.code)
            for cell, count in held.items():
                if ":" in cell:
                    assert count == listed(cell, place, day), (place, cell)
        rows = tables_of(figures_of(world.place(CITY), day), 0)
        city = figures_of(world.place(CITY), day).value("people")
        assert sum(row.values["people"] or 0 for row in rows) == city


def played(world, steps, today):
    """Moves and deaths of the past, in the order of their days."""
    people: list[Resident] = list(Resident.objects.live())
    for kind, who, place, back, year in sorted(steps, key=lambda step: -step[3]):
        day = today - timedelta(days=back)
        live = [one for one in people if one.is_live]
        if kind == "add" or not live:
            born = {"born_on": date(year, 6, 15).isoformat()} if year else {}
            sex = "" if year is None else ("female" if who % 2 else "male")
            people.append(entered(world, place, day=day, sex=sex, **born))
            continue
        person = live[who % len(live)]
        if kind == "die":
            if not person.born_on or person.born_on < day:
                mark_deceased(person, on=day, by=Actor.system())
        elif kind == "leave":
            move_resident(person, to=None, on=day, by=Actor.system())
        elif person.division_id != place:
            move_resident(person, to=world.place(place), on=day, by=Actor.system())
            person.refresh_from_db()


def test_the_evening_keeps_today_and_catches_up_yesterday(world):
    today = timezone.localdate()
    entered(world, COMMUNITY, day=today - timedelta(days=9))
    assert keep_figures() == [today - timedelta(days=1), today]
    kept = Summary.objects.count()
    keep_figures()
    assert Summary.objects.count() == kept
    assert figures_of(world.place(CITY), today).live is False
    assert figures_of(world.place(CITY), today).value("people") == 1


def test_a_late_entry_is_counted_on_its_day(world):
    today = timezone.localdate()
    person = entered(world, COMMUNITY, day=today - timedelta(days=20))
    take_summaries(world.place(CITY), on=today - timedelta(days=3), by=Actor.system())
    mark_deceased(person, on=today - timedelta(days=4), by=Actor.system())
    assert today - timedelta(days=3) in keep_figures()
    assert figures_of(world.place(COMMUNITY), today - timedelta(days=3)).value("people") == 0


def test_a_day_counted_again_keeps_its_households(world):
    today = timezone.localdate()
    person = entered(world, COMMUNITY, day=today - timedelta(days=9))
    create_household(world.place(COMMUNITY), number="1", head=person, by=Actor.system())
    take_summaries(world.place(CITY), on=today, by=Actor.system())
    Summary.objects.update(on=today - timedelta(days=1))
    take_summaries(world.place(CITY), on=today - timedelta(days=1), by=Actor.system())
    assert figures_of(world.place(CITY), today - timedelta(days=1)).value("households") == 1


def test_a_frozen_day_is_never_counted_again(world):
    today = timezone.localdate()
    entered(world, COMMUNITY)
    take_summaries(world.place(CITY), on=today, by=Actor.system())
    freeze_day(world.place(CITY), on=today, by=Actor.system())
    entered(world, COMMUNITY)
    take_summaries(world.place(CITY), on=today, by=Actor.system())
    assert figures_of(world.place(CITY), today).value("people") == 1


def test_the_last_day_of_a_year_freezes_by_itself(world):
    day = date(timezone.localdate().year - 1, 12, 31)
    entered(world, COMMUNITY, day=day - timedelta(days=9))
    take_summaries(world.place(CITY), on=day, by=Actor.system())
    assert Summary.objects.filter(on=day, frozen=True).exists()


def test_old_days_go_and_month_ends_stay(world):
    entered(world, COMMUNITY, day=date(2025, 1, 1))
    for day in (date(2026, 1, 31), date(2026, 2, 3)):
        take_summaries(world.place(CITY), on=day, by=Actor.system())
    forget_days(world.place(CITY), by=Actor.system())
    assert set(Summary.objects.values_list("on", flat=True)) == {date(2026, 1, 31)}


def test_a_day_to_come_has_no_figures(world):
    with pytest.raises(Refused, match="还没有到"):
        take_summaries(
            world.place(CITY), on=timezone.localdate() + timedelta(days=1), by=Actor.system()
        )


def test_nothing_kept_cannot_be_frozen(world):
    with pytest.raises(Refused, match="没有保存过统计"):
        freeze_day(world.place(CITY), on=date(2020, 1, 1), by=Actor.system())


def test_a_community_neither_keeps_nor_freezes_the_citys_figures(world):
    for act in (take_summaries, freeze_day):
        with pytest.raises(PermissionDenied):
            act(world.place(CITY), on=timezone.localdate(), by=world.network_admin)


def test_small_numbers_are_hidden_from_who_may_not_see_persons(world):
    entered(world, COMMUNITY)
    leader = world.leader
    least = least_shown(leader)
    assert least > 1
    assert least_shown(world.network_admin) == 0
    rows = {row.place.pk: row.values for row in tables_of(
        figures_of(world.place(STREET), timezone.localdate()), least)}  # fmt: skip
    assert rows[COMMUNITY]["people"] is None
    assert rows[NEIGHBOUR]["people"] == 0
    assert leader.role == Role.LEADER
