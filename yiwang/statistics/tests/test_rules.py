"""Cells, figures, the pyramid, and numbers too small to be shown."""

from hypothesis import given
from hypothesis import strategies as st

from yiwang.statistics.rules import (
    Ages,
    band_cell,
    band_of,
    change,
    cuts_of,
    figure,
    hide_small,
    pyramid,
    rolled_up,
    share,
)

AGES = Ages(adult=18, elder=60, senior=80)
COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 50), max_size=12)


def test_a_figure_is_the_sum_of_its_cells():
    cells = {"people": 9, "female:60": 2, "male:80": 1, "female:15": 3, "unknown:unknown": 1}
    assert figure("people", cells, AGES) == 9
    assert figure("elders", cells, AGES) == 3
    assert figure("seniors", cells, AGES) == 1
    assert figure("minors", cells, AGES) == 3


def test_who_is_away_is_registered_all_the_same():
    cells = {"standing:registered": 3, "standing:away": 2, "standing:migrant": 4}
    assert figure("registered", cells, AGES) == 5


def test_a_band_is_read_back_from_its_cell():
    assert band_of(band_cell("female", 60)) == ("female", 60)
    assert band_of(band_cell("", None)) == ("unknown", None)
    assert band_of("standing:migrant") is None
    assert band_of("people") is None


def test_every_group_of_law_begins_at_an_edge():
    assert cuts_of([0, 5, 10], AGES) == [0, 5, 10, 18, 60, 80]


def test_the_pyramid_joins_bands_to_five_years_and_keeps_empty_steps():
    rungs = pyramid({"female:15": 1, "female:16": 2, "male:0": 4, "unknown:unknown": 1})
    assert [rung.edge for rung in rungs] == [15, 10, 5, 0, None]
    assert (rungs[0].female, rungs[0].male) == (3, 0)
    assert rungs[0].label == "15–19"
    assert rungs[-1].unknown == 1


def test_the_oldest_share_one_step():
    assert pyramid({"male:100": 2, "male:105": 1})[0].male == 3


def test_a_hidden_part_hides_its_step():
    assert pyramid({"female:15": None, "female:16": 2})[0].female is None


def test_a_single_small_number_takes_the_next_smallest_with_it():
    assert hide_small({"a": 2, "b": 30, "c": 9}, 5) == {"a": None, "b": 30, "c": None}


def test_nothing_is_hidden_from_who_may_see_persons():
    assert hide_small({"a": 2, "b": 1}, 0) == {"a": 2, "b": 1}


@given(COUNTS, st.integers(1, 10))
def test_no_small_number_is_shown_nor_found_by_subtraction(counts, least):
    shown = hide_small(counts, least)
    assert not [n for n in shown.values() if n is not None and 0 < n < least]
    hidden = [key for key, n in shown.items() if n is None]
    others = [key for key, n in counts.items() if n and key not in hidden]
    assert len(hidden) != 1 or not others


@given(st.dictionaries(st.integers(1, 99), COUNTS, max_size=8))
def test_a_place_above_is_the_sum_of_those_below(leaves):
    named = {leaf: {str(key): n for key, n in cells.items()} for leaf, cells in leaves.items()}
    sums = rolled_up(named, lambda leaf: [0])
    for cell in {key for cells in named.values() for key in cells}:
        assert sums[0][cell] == sum(cells.get(cell, 0) for cells in named.values())


def test_what_is_not_known_gives_no_share_and_no_change():
    assert share(None, 5) is None
    assert share(1, 0) is None
    assert share(1, 4) == 25
    assert change(3, None) is None
    assert change(3, 5) == -2
