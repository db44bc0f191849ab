"""A department's list sets, confirms and ends tags, and exactly that is taken back (INF-13)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY, World
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.linkage.actions import choose_columns, match_rows, open_file, undo_file, undo_rows
from yiwang.linkage.models import CheckTask, DepartmentFile
from yiwang.residents.actions import add_resident
from yiwang.residents.models import Resident
from yiwang.tags.actions import carry_roll, confirm_tag, set_tag, undo_roll
from yiwang.tags.jobs import carry_out, resume_rolls
from yiwang.tags.models import Roll, Tag, TagKind

NUMBERS = {
    "柳在册": "320691194102120027", "姜新进": "320691198603150046", "许退出": "320691194005060026",
    "何幼童": "32069120220315002X",
}  # fmt: skip
TODAY = timezone.localdate


@pytest.fixture
def kind(world: World) -> TagKind:
    return TagKind.objects.get(code="subsistence")


@pytest.fixture
def people(world: World, kind: TagKind) -> dict[str, Resident]:
    """One who has the tag and stays on the list, one to come, one to go, one child alone."""
    found = {}
    for name, number in NUMBERS.items():
        found[name] = add_resident(
            world.place(COMMUNITY), name=name, values={"identity_number": number},
            surely_new=True, source="visit", by=world.network_admin,
        )  # fmt: skip
    for name in ("柳在册", "许退出"):
        with circumstances(at=timezone.now() - timedelta(days=40)):
            set_tag(found[name], kind=kind, evidence=f"旧证{name}", by=world.network_admin)
    return found


def sent(world: World, *names: str, more: str = "") -> DepartmentFile:
    lines = "".join(f"{name},{NUMBERS[name]}\n" for name in names)
    content = f"姓名,公民身份号码\n{lines}{more}".encode()
    by = world.bureau_clerk
    unit = world.unit(CHONGCHUAN, "civil_affairs")
    file = open_file(
        world.place(CHONGCHUAN), unit=unit, file_name="低保.csv", content=content, by=by
    )
    choose_columns(file, background=False, by=by)
    return match_rows(file, by=by)


def carried_out(roll: Roll) -> Roll:
    carry_out(roll.pk)
    roll.refresh_from_db()
    return roll


def state(people: dict[str, Resident], kind: TagKind) -> dict[str, Any]:
    fields = ("resident__name", "confirmed_on", "valid_until", "evidence", "ended_on")
    rows = Tag.objects.filter(kind=kind, resident__in=people.values(), ended_on=None)
    return {row[0]: row[1:] for row in rows.values_list(*fields)}


def test_a_list_sets_confirms_and_ends_and_is_taken_back_exactly(
    world: World, people: dict[str, Resident], kind: TagKind
) -> None:
    by, before = world.city_bureau, state(people, kind)
    file = sent(world, "柳在册", "姜新进", "何幼童", more="毛不知,320691195001010026\n")
    with pytest.raises(Refused) as refusal:
        carry_roll(file, kind=kind, complete=True, background=False, by=by)
    assert refusal.value.code == "unsettled"  # the one nobody knows may be somebody who has it
    CheckTask.objects.filter(row__file=file).update(answer=CheckTask.Answer.FOUND)
    roll = carried_out(carry_roll(file, kind=kind, complete=True, background=False, by=by))
    assert (roll.was_set, roll.confirmed, roll.ended, roll.skipped) == (1, 1, 1, 1)
    after = state(people, kind)
    assert set(after) == {"柳在册", "姜新进"}
    assert all("《低保.csv》" in evidence for _c, _v, evidence, _e in after.values())
    assert after["柳在册"][0] == TODAY()
    gone = people["许退出"].tags.get()
    assert (gone.ended_on, gone.end_reason) == (TODAY(), "unlisted")
    with pytest.raises(Refused, match="已经用来"):
        carry_roll(file, kind=kind, background=False, by=by)
    carried_out(undo_roll(roll, background=False, by=by))
    assert (roll.state, roll.left) == ("undone", 0)
    assert state(people, kind) == before
    assert people["姜新进"].tags.get().end_reason == "undone"


def test_what_somebody_did_since_stays(
    world: World, people: dict[str, Resident], kind: TagKind
) -> None:
    by, file = world.city_bureau, sent(world, "柳在册", "姜新进")
    roll = carried_out(carry_roll(file, kind=kind, background=False, by=by))
    new = people["姜新进"].tags.get()
    confirm_tag(new, evidence="低保证 88 号", by=world.network_admin)
    carried_out(undo_roll(roll, background=False, by=by))
    assert roll.left == 1
    assert state(people, kind)["姜新进"][2] == "低保证 88 号"
    assert state(people, kind)["柳在册"][2] == "旧证柳在册"
    with pytest.raises(Refused):
        undo_roll(roll, background=False, by=by)


def test_a_list_goes_with_the_file_it_stood_on(
    world: World, people: dict[str, Resident], kind: TagKind
) -> None:
    file = sent(world, "姜新进")
    roll = carried_out(carry_roll(file, kind=kind, background=False, by=world.city_bureau))
    assert resume_rolls() == 0
    undo_file(file, background=False, by=world.bureau_clerk)
    undo_rows(file, by=world.bureau_clerk)
    assert (file.state, resume_rolls()) == ("undone", 1)
    assert carried_out(roll).state == "undone"
    assert "姜新进" not in state(people, kind)


def test_a_list_is_carried_by_who_may_set_the_tag_there(
    world: World, people: dict[str, Resident], kind: TagKind, sign_in: Any
) -> None:
    """By page and API: looked at beforehand, ordered, followed, taken back; others are refused."""
    file = sent(world, "姜新进")
    for who in (world.bureau_clerk.within_act("tags.set"), world.network_admin):
        with pytest.raises(PermissionDenied):
            carry_roll(file, kind=kind, background=False, by=who)
    elder = TagKind.objects.get(code="elder")
    with pytest.raises(Refused, match="规则"):
        carry_roll(file, kind=elder, background=False, by=world.city_bureau)
    desk = sign_in(world.city_bureau)
    assert f"/desk/tags/rolls/new/{file.pk}/" in desk.get(file.get_absolute_url()).content.decode()
    address = f"/desk/tags/rolls/new/{file.pk}/"
    shown = desk.post(address, {"kind": "subsistence"}).content.decode()
    assert "将会这样" in shown
    assert not Roll.objects.exists()
    assert desk.post(address, {"kind": "没有"}).status_code == 422
    body = {"file": file.pk, "kind": "subsistence"}
    api = "/api/v1/tags/rolls"
    said = desk.post(f"{api}/preview", body, "application/json").json()
    assert said == {"was_set": 1, "confirmed": 0, "ended": 0, "skipped": 0}
    made = desk.post(address, {"kind": "subsistence", "carry": "1"})
    roll = Roll.objects.get()
    assert made["Location"] == roll.get_absolute_url()
    carried_out(roll)
    for query, there in (
        ("", True),
        ("?kind=subsistence&sort=-set", True),
        ("?kind=veteran", False),
    ):
        page = desk.get(f"/desk/tags/rolls/{query}").content.decode()
        assert ("低保.csv" in page) is there
    assert desk.get("/desk/tags/rolls/export/?state=done").status_code == 200
    assert desk.get(api, {"kind": "veteran"}).json() == []
    assert desk.get(f"{api}/{roll.pk}").json()["was_set"] == 1
    assert desk.post(f"{api}/{roll.pk}/undo").json()["state"] == "undoing"
    assert desk.post(f"{api}/{roll.pk}/undo").status_code == 409
    stranger = sign_in(world.neighbour_admin)
    assert stranger.get(roll.get_absolute_url()).status_code == 404
    assert desk.post(api, {**body, "kind": "veteran"}, "application/json").status_code == 409
