"""The fair order holds for any crowd; a wait is told only when it is known."""

from hypothesis import given
from hypothesis import strategies as st

from yiwang.queues.rules import (
    MOVES,
    STEP,
    Claim,
    State,
    Wait,
    Waiting,
    ahead,
    call_order,
    claim_by_age,
    expected_wait,
    number_text,
    place_after,
)

CROWDS = st.lists(st.booleans(), max_size=40).map(
    lambda kinds: [Waiting(n, n * STEP, kind) for n, kind in enumerate(kinds, 1)]
)
RUNS = st.integers(1, 4)


@given(CROWDS, RUNS, st.integers(0, 6))
def test_everybody_is_called_once_and_in_the_order_of_her_kind(crowd, most, run):
    order = call_order(crowd, most, run)
    assert sorted(one.pk for one in order) == [one.pk for one in crowd]
    for kind in (True, False):
        places = [one.place for one in order if one.priority is kind]
        assert places == sorted(places)


@given(CROWDS, RUNS)
def test_nobody_starves_an_ordinary_number_comes_after_at_most_so_many_priority_ones(crowd, most):
    order = call_order(crowd, most)
    ordinary = [at for at, one in enumerate(order) if not one.priority]
    for rank, at in enumerate(ordinary):
        assert at <= rank + most * (rank + 1)


@given(CROWDS, RUNS)
def test_priority_goes_first_only_every_third_or_so_call_is_ordinary_while_it_waits(crowd, most):
    order = call_order(crowd, most)
    firsts = [at for at, one in enumerate(order) if one.priority]
    for rank, at in enumerate(firsts):
        assert at <= rank + rank // most
    for one in crowd:
        assert order[ahead(crowd, one.pk, most)] == one


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12, unique=True), st.integers(0, 5))
def test_who_was_absent_comes_back_behind_just_so_many_others(serials, others):
    places = [serial * STEP for serial in sorted(serials)]
    back = place_after(places, others, max(places))
    assert sum(place < back for place in places) == min(others, len(places))
    assert back not in places


def test_numbers_ages_and_moves_are_as_written():
    assert (number_text("A", 1), number_text("P", 12), number_text("A", 1000)) == (
        "A001", "P012", "A1000",
    )  # fmt: skip
    assert claim_by_age(60, 60) == Claim.ELDER
    assert claim_by_age(59, 60) == claim_by_age(None, 60) == Claim.NONE
    assert State.SERVED not in MOVES[State.WAITING]


def test_a_wait_is_a_range_around_median_times_people_over_windows():
    # 4, 5, 6, 7 and 8 minutes: quarters at 5 and 7.
    seconds = [minute * 60.0 for minute in (4, 5, 6, 7, 8)]
    assert expected_wait(seconds, 4, 2, 3) == Wait(10, 21)
    assert expected_wait(seconds, 0, 2, 3) == Wait(0, 7)


def test_without_figures_or_windows_the_wait_is_unknown():
    assert not expected_wait([300.0, 300.0], 4, 2, 3).known
    assert not expected_wait([300.0] * 9, 4, 0, 3).known
