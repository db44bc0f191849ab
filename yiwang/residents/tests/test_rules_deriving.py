"""Which word stands: trusted first, then newest verified, then a person."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yiwang.residents.rules.deriving import OWNER, Claim, Effect, Standing, derive, rank_of

DAY = date(2026, 3, 2)
numbers = count(1)


def claim(value: str, source: str = "community", *, days: int = 0, **more: Any) -> Claim:
    """A verified word, `days` after the first day."""
    day = DAY + timedelta(days=days)
    facts = {"rank": 1, "verified_on": day, "in_person": source == "community", **more}
    return Claim(record=next(numbers), value=value, source=source, collected_on=day, **facts)


def stands(*claims: Claim, fresh_days: int | None = 365) -> Standing:
    found = derive(claims, fresh_days)
    assert found is not None
    return found


def effects(*claims: Claim, fresh_days: int | None = 365) -> list[Effect]:
    return [turn.effect for turn in stands(*claims, fresh_days=fresh_days).turns]


def test_no_word_is_no_value() -> None:
    assert derive([]) is None


def test_the_newest_verified_word_of_equals_stands() -> None:
    found = stands(claim("a"), claim("b", "street", days=3))
    assert (found.value, found.disputed) == ("b", False)
    assert [one.value for one in found.others] == ["a"]
    assert stands(claim("b", days=3), claim("a", "street")).value == "b"


def test_a_trusted_source_is_not_overruled_by_a_newer_one() -> None:
    police = claim("a", "police", rank=0)
    assert effects(police, claim("b", days=9)) == [Effect.STANDS, Effect.OUTRANKED]
    assert stands(claim("b", days=9), police).value == "a"


def test_a_trusted_word_that_has_grown_old_no_longer_outranks() -> None:
    police = claim("a", "police", rank=0)
    assert stands(police, claim("b", days=400)).value == "b"
    assert stands(police, claim("b", days=400), fresh_days=None).value == "a"
    assert stands(claim("b", days=400), police).value == "b"


def test_a_source_replaces_its_own_word_the_same_day() -> None:
    assert stands(claim("a", "file"), claim("b", "file")).value == "b"


def test_who_speaks_with_the_person_is_believed_the_same_day() -> None:
    assert stands(claim("a", "file"), claim("b")).value == "b"


def test_two_files_of_one_day_are_a_dispute_and_the_first_goes_on() -> None:
    found = stands(claim("a", "file"), claim("b", "other file"))
    assert (found.value, found.disputed) == ("a", True)


def test_what_a_resident_tells_alone_raises_the_question() -> None:
    told = claim("b", "resident", days=3, verified_on=None)
    found = stands(claim("a"), told)
    assert (found.value, found.disputed) == ("a", True)
    assert not stands(claim("a", days=5), told).disputed
    assert stands(told, claim("a", days=3)).value == "a"


def test_a_confirmation_answers_the_question() -> None:
    told = claim("b", "resident", days=3, verified_on=None)
    found = stands(claim("a"), told, claim("a", days=4, word="confirmed"))
    assert (found.value, found.disputed, found.since) == ("a", False, DAY + timedelta(days=4))
    assert found.first_on == DAY


def test_a_file_that_repeats_what_stands_leaves_the_question_open() -> None:
    told = claim("b", "resident", days=3, verified_on=None)
    assert stands(claim("a", "file"), told, claim("a", "file", days=9)).disputed


def test_who_comes_round_is_no_longer_a_rival() -> None:
    told = claim("b", "resident", days=3, verified_on=None)
    agreed = claim("a", "resident", days=5, verified_on=None)
    found = stands(claim("a"), told, agreed)
    assert (found.disputed, found.since) == (False, DAY)


def decided(value: str, source: str = "community", *, days: int = 5, **more: Any) -> Claim:
    return claim(value, source, days=days, word="decided", **more)


def test_a_decision_holds_against_the_same_file_again() -> None:
    police = claim("a", "police", rank=0)
    found = [police, claim("b", days=1), decided("b"), claim("a", "police", days=30, rank=0)]
    assert stands(*found).value == "b"
    assert effects(*found)[-1] == Effect.SETTLED


def test_a_decision_yields_to_something_newer_from_a_source_trusted_as_much() -> None:
    chosen = decided("b")
    assert stands(claim("a"), chosen, claim("c", "street", days=6)).value == "c"
    assert stands(claim("a"), chosen, claim("c", "police", days=6, rank=0)).value == "c"


def test_a_decision_does_not_yield_to_less_trusted_or_older_words() -> None:
    chosen = decided("b")
    assert stands(claim("a"), chosen, claim("c", "file", days=500, rank=2)).value == "b"
    assert stands(claim("a"), chosen, claim("c", "street", days=4, rank=0)).value == "b"
    assert stands(claim("a"), chosen, claim("c", "file", days=5)).disputed


def test_who_said_otherwise_in_between_is_heard_again() -> None:
    found = [claim("a", "file"), decided("b"), claim("c", "file", days=6, rank=2),
             claim("a", "file", days=7, rank=1)]  # fmt: skip
    assert stands(*found).value == "a"


def test_an_order_of_trust_names_departments_doors_and_equals() -> None:
    order: Sequence[Any] = [OWNER, ["visit", "window"], "department"]
    police = {"owner": "public_security"}
    assert rank_of(order, unit="public_security", kind="department", **police) == 0
    assert rank_of(order, unit="committee", kind="window", **police) == 1
    assert rank_of(order, unit="health", kind="department", **police) == 2
    assert rank_of(order, unit="", kind="resident", **police) == 3


some_claims = st.lists(
    st.builds(
        claim,
        st.sampled_from("abc"),
        st.sampled_from(["community", "street", "police", "resident"]),
        days=st.integers(0, 800),
        rank=st.integers(0, 2),
        word=st.sampled_from(["collected", "collected", "confirmed", "decided"]),
    ),
    min_size=1,
)


@given(some_claims)
def test_what_stands_was_told_by_somebody_and_rivals_differ(claims: list[Claim]) -> None:
    found = stands(*claims)
    assert found.claim in claims
    assert all(one.value != found.value for one in found.rivals.values())
    assert all(one.value != found.value for one in found.others)
    assert len(found.turns) == len(claims)
    assert found.first_on in {one.collected_on for one in claims if one.value == found.value}


@given(some_claims, st.integers(0, 30))
def test_deriving_in_one_go_or_word_by_word_is_the_same(claims: list[Claim], cut: int) -> None:
    """Nothing but the records decides: what an act derived is what recomputing derives."""
    early = stands(*claims[: max(1, cut)])
    late = stands(*claims)
    assert late.turns[: len(early.turns)] == early.turns
