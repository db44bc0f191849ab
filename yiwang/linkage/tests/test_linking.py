"""People entered twice are found, whatever went wrong with their names and numbers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied

from tests.world import CITY, COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core import vault
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.linkage.actions import answer_pair, carry_out, reveal_pair, start_run, undo_merge
from yiwang.linkage.jobs import run_in_background
from yiwang.linkage.models import LinkRun, Merge, Pair
from yiwang.linkage.reads.engine import Likeness, find_pairs
from yiwang.linkage.rules.features import features, folded, near
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.rules.places import common_place
from yiwang.linkage.rules.words import LEVELS
from yiwang.residents.actions import move_resident
from yiwang.residents.models import Resident

COLUMNS = ["id", "name", "sex", "born_on", "identity", "phone", "address"]
NUMBER = "320690194703120026"
ZHANG = (1, "张桂兰", "female", "1947-03-12", NUMBER, "15400008830", "南园新村12幢302室")
LIKE = {
    "traditional": ("張桂蘭", "", "15400008830", "1947-03-12"),
    "homophone": ("张贵兰", "", "", "1947-03-12"),
    "order": ("桂兰张", "", "", "1947-03-12"),
    "married": ("王张桂兰", "", "15400008830", "1947-03-12"),
    "swapped": ("张桂兰", "", "15400008830", "1947-12-03"),
    "slip": ("张桂兰", "", "15400008831", "1947-03-21"),
    "wrong digit": ("张桂兰", "320690194708120026", "15400008830", "1947-08-12"),
}


def people(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=COLUMNS, orient="row")


def test_every_kind_of_slip_is_found_and_explained() -> None:
    rows = [ZHANG]
    for key, (name, number, phone, born) in enumerate(LIKE.values(), start=2):
        rows.append((key, name, "female", born, number, phone, ""))
    found = {
        (one.left, one.right): one for one in find_pairs(people(*rows), lower=50) if one.left == 1
    }
    assert {right for _left, right in found} == set(range(2, len(rows) + 1))
    for one in found.values():
        assert {(r["field"], r["level"]) for r in one.reasons} <= set(LEVELS)
        assert sum(r["weight"] for r in one.reasons) > 0
    levels = {
        right: {r["field"]: r["level"] for r in one.reasons} for (_l, right), one in found.items()
    }
    told = [levels[key]["name"] for key in range(2, 6)]
    assert told == ["same", "sound", "order", "within"]
    assert levels[6]["born_on"] == "swapped"
    assert levels[7]["phone"] == "slip"
    assert levels[8]["identity_number"] == "slip"


def test_spark_finds_the_same_pairs_for_the_same_reasons() -> None:
    rows = [ZHANG]
    for key, (name, number, phone, born) in enumerate(LIKE.values(), start=2):
        rows.append((key, name, "female", born, number, phone, ""))
    told = find_pairs(people(*rows), lower=50, engine="spark")
    assert sorted(told, key=_key) == sorted(find_pairs(people(*rows), lower=50), key=_key)


def _key(one: Likeness) -> tuple[int, int]:
    return one.left, one.right


def test_without_java_the_sentence_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match=r"Java.*province"):
        find_pairs(people(ZHANG), lower=50, engine="spark")


def test_twins_of_one_household_are_two_people() -> None:
    other = (2, "张桂芳", "female", "1947-03-12", "320690194703120042", "", "南园新村12幢302室")
    assert find_pairs(people(ZHANG, other), lower=50) == []


def test_names_are_folded_and_numbers_veiled() -> None:
    assert folded("張 桂·蘭") == "张桂兰"
    assert folded("陈家家") == "陈家家"
    assert near("zhangsheng") == "zansen"
    told = features(people(ZHANG), vault.keyed_hash)
    assert told["identity"][0] != NUMBER
    assert len(told["identity"][0]) == len(NUMBER)
    assert told["address"][0] == "南园新村#12##302"


def test_a_veiled_number_is_wrong_in_as_many_places_as_the_number() -> None:
    others = [NUMBER[:at] + digit + NUMBER[at + 1 :] for at in range(18) for digit in "0123456789"]
    rows = [(key, *ZHANG[1:4], number, *ZHANG[5:]) for key, number in enumerate([NUMBER, *others])]
    first, *rest = features(people(*rows), vault.keyed_hash)["identity"]
    for number, veiled in zip(others, rest, strict=True):
        wrong = sum(a != b for a, b in zip(NUMBER, number, strict=True))
        assert sum(a != b for a, b in zip(first, veiled, strict=True)) == wrong


def test_every_level_has_words_and_every_weight_its_place() -> None:
    for one in current_model().comparisons:
        assert {(one.code, level.code) for level in one.levels} <= set(LEVELS)
        assert one.levels[-1].weight < 0 < max(level.weight for level in one.levels)
        assert abs(sum(level.m for level in one.levels) - 1) < 0.05


def test_the_smallest_place_that_holds_both() -> None:
    assert common_place(COMMUNITY, COMMUNITY) == COMMUNITY
    assert common_place(COMMUNITY, NEIGHBOUR) == STREET
    assert common_place(COMMUNITY, 320623_102_201) == CITY


def test_a_run_keeps_pairs_without_a_value_of_anybody(world: World, pair: Pair) -> None:
    run = pair.run
    assert (run.people, run.pairs, run.version) == (2, 1, current_model().version)
    assert pair.score > 95
    assert "15400008830" not in str(pair.reasons) + str(JournalLine.objects.latest("pk").facts)
    assert pair.division_id == COMMUNITY


def test_an_answer_outlives_the_next_run(
    world: World, pair: Pair, run: Callable[..., LinkRun]
) -> None:
    answer_pair(pair, answer="different", by=world.network_admin)
    assert run().pairs == 0
    assert Pair.objects.get().answer == "different"
    with pytest.raises(Refused) as twice:
        answer_pair(pair, answer="same", by=world.network_admin)
    assert twice.value.code == "already_answered"


def test_a_pair_that_is_no_longer_alike_goes(
    world: World, pair: Pair, run: Callable[..., LinkRun]
) -> None:
    move_resident(pair.right, to=None, on=date(2026, 11, 1), by=world.network_admin)
    run()
    assert not Pair.objects.exists()


def test_same_merges_by_a_named_person_and_comes_back_when_undone(world: World, pair: Pair) -> None:
    answer_pair(pair, answer="same", survivor=pair.right_id, by=world.network_admin)
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.pair_id) == (pair.right_id, pair.pk)
    assert merge.by_label.startswith("周敏")
    undo_merge(merge, by=world.network_admin)
    pair.refresh_from_db()
    assert (pair.answer, pair.answered_by) == ("open", "")


def test_the_system_finds_and_never_merges_by_score(world: World, pair: Pair) -> None:
    with pytest.raises(Refused) as nobody:
        answer_pair(pair, answer="same", by=Actor.system())
    assert nobody.value.code == "nobody_decided"
    for code, said in (("unknown_answer", "maybe"), ("not_of_this_pair", "same")):
        with pytest.raises(Refused) as refusal:
            answer_pair(pair, answer=said, survivor=1, by=world.network_admin)
        assert refusal.value.code == code
    assert not Merge.objects.exists()


def test_a_pair_of_two_communities_is_for_whoever_sees_both(
    world: World, resident: Resident, enter: Callable[..., Resident], run: Callable[..., LinkRun]
) -> None:
    enter("陈桂瑛", at=NEIGHBOUR, born_on="1947-03-12", phone="15400008830")
    run(STREET, by=world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs"))
    pair = Pair.objects.visible_to(world.neighbour_admin).get()
    assert pair.sides_seen(world.neighbour_admin) == (False, True)
    with pytest.raises(PermissionDenied):
        answer_pair(pair, answer="different", by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        reveal_pair(pair, field="phone", reason="核对电话", by=world.neighbour_admin)
    answer_pair(pair, answer="unsure", by=world.street_clerk)
    assert not Pair.objects.visible_to(
        world.actor(Role.COMMUNITY_NETWORK, 320623_102_201, "committee", "远")
    ).exists()


def test_a_look_behind_the_mask_is_journaled_on_both_records(world: World, pair: Pair) -> None:
    held = reveal_pair(pair, field="identity_number", reason="核对号码", by=world.network_admin)
    assert held == {pair.left_id: NUMBER}
    reveal_pair(pair, field="phone", reason="核对电话", by=world.network_admin)
    looks = JournalLine.objects.filter(act="residents.reveal").values_list("subject_id", flat=True)
    assert sorted(map(int, looks)) == sorted([pair.left_id, pair.left_id, pair.right_id])


def test_two_runs_of_a_place_do_not_meet(world: World, resident: Resident) -> None:
    begun = start_run(world.place(COMMUNITY), background=False, by=world.network_admin)
    with pytest.raises(Refused) as busy:
        start_run(world.place(COMMUNITY), by=world.network_admin)
    assert busy.value.code == "running"
    with pytest.raises(Refused) as engine:
        start_run(world.place(COMMUNITY), engine="abacus", by=world.network_admin)
    assert engine.value.code == "unknown_engine"
    with pytest.raises(PermissionDenied):
        start_run(world.place(STREET), by=world.network_admin)
    run_in_background(begun.pk)
    run_in_background(begun.pk)
    begun.refresh_from_db()
    assert begun.state == "done"
    with pytest.raises(Refused) as over:
        carry_out(begun, by=world.network_admin)
    assert over.value.code == "wrong_state"
