"""Departments' lists: matched, in conflict, unmatched, damaged; resumed, undone, answered."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.demonstration.people import Person, Population, Shares
from tests.world import CHONGCHUAN, COMMUNITY, World, build_world
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.vault import keyed_hash
from yiwang.linkage.actions import (
    answer_task,
    choose_columns,
    decide_conflict,
    open_file,
    queue_keeping,
    sending,
    settle_doubt,
    undo_file,
    undo_rows,
)
from yiwang.linkage.jobs import resume_work, work_on_file
from yiwang.linkage.models import CheckTask, ColumnMemory, DepartmentFile, FileRow
from yiwang.linkage.sheets import receipt_workbook, rows_as_file
from yiwang.residents.actions import add_resident, import_residents, open_import
from yiwang.residents.actions.settling import keep as told
from yiwang.residents.models import Nature, Resident, Source, SourceKind, SourceRecord
from yiwang.residents.reads import known_fields
from yiwang.residents.rules.reading import read_table

HEAD = ["姓名", "公民身份号码", "联系电话", "社区", "残疾等级", "备注"]
SHARES = Shares.of(11, 30, 22, 48)
GRADES = ("一级", "二级", "三级", "四级")


def invented(count: int, seed: int = 5) -> list[Person]:
    drawn = Population(seed, date(2026, 11, 26))
    return [drawn.person(SHARES, band=1) for _ in range(count)]


def csv_of(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    return "\n".join(",".join(row) for row in [head, *rows]).encode()


def listed(person: Person, at: int, community: str = "南园社区") -> list[str]:
    return [person.name, person.identity_number, person.phone, community, GRADES[at % 4], "无"]


def register(world: World, people: Sequence[Person]) -> None:
    """Into 南园社区, as her network administrator imports them."""
    head = ["姓名", "公民身份号码", "联系电话"]
    content = csv_of([[p.name, p.identity_number, p.phone] for p in people], head)
    place = world.place(COMMUNITY)
    batch = open_import(
        place, file_name="名册.csv", content=content, keep=False, by=world.network_admin
    )
    import_residents(batch, table=read_table(content), by=world.network_admin)


def federation(world: World, code: str = "disabled_federation", name: str = "施残联") -> Any:
    return world.actor(Role.DEPARTMENT, CHONGCHUAN, code, name)


def sent(world: World, content: bytes, columns: dict[str, str] | None = None) -> DepartmentFile:
    """Opened, its columns confirmed, and matched by the job."""
    by = federation(world)
    unit = world.unit(CHONGCHUAN, "disabled_federation")
    file = open_file(
        world.place(CHONGCHUAN), unit=unit, file_name="名单.csv", content=content, by=by
    )
    choose_columns(file, columns=columns or {}, background=False, by=by)
    work_on_file(file.pk)
    file.refresh_from_db()
    return file


def undone(world, file):
    """Take a file back, portion by portion as the job does."""
    undo_file(file, background=False, by=federation(world))
    while file.state == DepartmentFile.State.UNDOING:
        undo_rows(file, by=federation(world))
    return file


def kept(world: World, file: DepartmentFile) -> DepartmentFile:
    queue_keeping(file, background=False, by=federation(world))
    work_on_file(file.pk)
    file.refresh_from_db()
    return file


def counts(file: DepartmentFile) -> tuple[int, ...]:
    return (file.rows_total, file.matched, file.doubtful, file.unmatched, file.damaged)


def told_grades() -> int:
    return SourceRecord.objects.filter(sealed__has_key="disability_grade").count()


def known(person: Resident, code: str) -> Any:
    return known_fields(person, [code], timezone.localdate()).get(code)


def test_of_a_thousand_disabled_960_match_and_40_go_to_their_communities(world: World) -> None:
    people = invented(1000)
    register(world, people[:960])
    places = ["南园社区"] * 980 + ["濠东社区"] * 20
    rows = [listed(p, at, place) for at, (p, place) in enumerate(zip(people, places, strict=True))]
    file = sent(world, csv_of(rows))
    assert (file.state, *counts(file)) == ("matched", 1000, 960, 0, 40, 0)
    assert CheckTask.objects.visible_to(world.network_admin).count() == 20
    assert CheckTask.objects.visible_to(world.neighbour_admin).count() == 20
    file = kept(world, file)
    assert (file.state, file.kept) == ("kept", 960)
    fourth = Resident.objects.get(identity_hash=keyed_hash("identity", people[3].identity_number))
    grade = known(fourth, "disability_grade")
    assert (grade.shown, grade.source_kind, grade.source_label) == (
        "四级", "department", file.unit.name,
    )  # fmt: skip
    assert told_grades() == 960
    line = json.dumps([one.facts for one in JournalLine.objects.all()], ensure_ascii=False)
    assert people[0].identity_number not in line


def test_three_rows_of_a_hundred_are_damaged_and_exactly_those_are_named(world: World) -> None:
    people = invented(200, seed=6)
    register(world, people)
    rows = [listed(p, at) for at, p in enumerate(people)]
    rows[10][1] = rows[10][1][:-1] + ("0" if rows[10][1][-1] != "0" else "1")
    rows[50][0] = ""
    rows[51][4] = "十级"
    rows[120][1], rows[120][2] = "", ""
    rows[140][2] = "123"
    rows[199] = list(rows[198])
    file = sent(world, csv_of(rows))
    assert counts(file) == (200, 194, 0, 0, 6)
    damaged = file.rows.filter(state=FileRow.State.DAMAGED).order_by("row")
    assert [one.row for one in damaged] == [12, 52, 53, 122, 142, 201]
    columns = [one.problems[0]["column"] for one in damaged]
    number = "公民身份号码"
    assert columns == [number, "姓名", "残疾等级", number, "联系电话", number]
    book = openpyxl.load_workbook(io.BytesIO(receipt_workbook(file)))
    summary = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert (summary["已匹配"], summary["有错误，未处理"]) == (194, 6)
    told = {row[0].value: row[-2].value for row in book.worksheets[1].iter_rows(min_row=5)}
    assert len(told) == 200
    assert [row for row, outcome in told.items() if outcome == "有错误"] == [
        12, 52, 53, 122, 142, 201,
    ]  # fmt: skip


def test_without_a_number_name_birth_and_phone_decide_and_doubt_is_asked(world: World) -> None:
    by = world.network_admin
    born = "1960-05-04"
    sure = add_resident(
        world.place(COMMUNITY),
        name="顾建国",
        values={"born_on": born, "phone": "15400000001"},
        by=by,
    )
    half = add_resident(
        world.place(COMMUNITY), name="陆桂英", values={"born_on": "1955-03-02"}, by=by
    )
    head = ["姓名", "出生日期", "联系电话", "残疾等级"]
    content = csv_of(
        [["顧建國", born, "15400000001", "一级"], ["陆贵英", "1955-03-20", "", "二级"],
         ["缪无名", "1970-01-01", "", "三级"]], head,
    )  # fmt: skip
    file = sent(world, content)
    assert counts(file) == (3, 1, 1, 1, 0)
    first, second, third = file.rows.order_by("row")
    assert (first.resident, first.how) == (sure, "score")
    assert second.resident == half
    assert third.division_id == CHONGCHUAN
    with pytest.raises(PermissionDenied):
        settle_doubt(second, same=True, by=world.neighbour_admin)
    settle_doubt(second, same=True, by=by)
    assert kept(world, file).kept == 2
    assert known(half, "disability_grade") is not None
    with pytest.raises(Refused) as settled:
        settle_doubt(second, same=False, by=by)
    assert settled.value.code == "not_doubtful"


def test_a_denied_doubt_becomes_a_check(world: World) -> None:
    add_resident(
        world.place(COMMUNITY), name="陆桂英", values={"born_on": "1955-03-02"},
        by=world.network_admin,
    )  # fmt: skip
    file = sent(world, csv_of([["陆贵英", "1955-03-20", "二级"]], ["姓名", "出生日期", "残疾等级"]))
    row = settle_doubt(file.rows.get(), same=False, by=world.network_admin)
    assert (row.state, row.task.division_id) == ("unmatched", COMMUNITY)


def test_the_owner_of_a_field_is_believed_and_a_person_decides_the_rest(
    world: World, resident: Resident
) -> None:
    number = resident.identity or ""
    other = Source(SourceKind.DEPARTMENT, "崇川区卫健委", "某人", owner_code="health")
    told(resident, {"ethnicity": "han"}, other)
    head = ["姓名", "公民身份号码", "联系电话", "民族", "残疾等级"]
    file = sent(world, csv_of([["陈桂英", number, "15400009999", "回族", "二级"]], head))
    row = file.rows.get()
    # Who saw her is trusted more than a department whose register the telephone is not.
    assert (row.conflicts, row.undecided) == ({"phone": "register", "ethnicity": ""}, 1)
    file = kept(world, file)
    resident.refresh_from_db()
    assert (file.conflicts, resident.phone) == (1, "15400008830")
    assert known(resident, "ethnicity").value == "han"
    assert known(resident, "disability_grade").source_label == file.unit.name
    with pytest.raises(PermissionDenied):
        decide_conflict(row, field="ethnicity", take="file", by=world.neighbour_admin)
    with pytest.raises(Refused) as unknown:
        decide_conflict(row, field="ethnicity", take="both", by=world.network_admin)
    assert unknown.value.code == "unknown_answer"
    row.refresh_from_db()
    decide_conflict(row, field="ethnicity", take="file", by=world.network_admin)
    assert (known(resident, "ethnicity").value, known(resident, "ethnicity").disputed) == (
        "hui",
        False,
    )
    decision = SourceRecord.objects.get(resident=resident, nature=Nature.DECIDED)
    assert (decision.collected_by, decision.batch_id) == (world.network_admin.label, file.batch_id)
    with pytest.raises(Refused) as over:
        decide_conflict(row, field="ethnicity", take="register", by=world.network_admin)
    assert over.value.code == "no_conflict"
    # The next list of the owner replaces what the owner said before.
    again = kept(world, sent(world, csv_of([["陈桂英", number, "", "回族", "一级"]], head)))
    assert again.rows.get().conflicts == {"disability_grade": "file"}
    assert known(resident, "disability_grade").shown == "一级"
    undone(world, again)
    assert known(resident, "disability_grade").shown == "二级"
    undone(world, file)
    assert known(resident, "disability_grade") is None
    assert known(resident, "ethnicity").value == "han"


def test_undoing_a_file_leaves_the_register_as_it_was(world: World, resident: Resident) -> None:
    head = ["姓名", "公民身份号码", "联系电话", "民族", "残疾等级"]
    rows = [
        ["陈桂英", resident.identity or "", "", "汉族", "二级"],
        ["无此人", "", "15400000777", "", ""],
    ]
    before = Resident.objects.values().get(pk=resident.pk)
    file = kept(world, sent(world, csv_of(rows, head)))
    assert known(resident, "ethnicity").value == "han"
    undone(world, file)
    assert known(resident, "ethnicity") is None
    assert known(resident, "disability_grade") is None
    after = Resident.objects.values().get(pk=resident.pk)
    assert {k: v for k, v in after.items() if k not in ("updated_at", "phone", "identity")} == {
        k: v for k, v in before.items() if k not in ("updated_at", "phone", "identity")
    }
    assert not CheckTask.objects.exists()
    with pytest.raises(Refused) as twice:
        undo_file(file, by=federation(world))
    assert twice.value.code == "wrong_state"


def test_columns_are_remembered_for_the_unit(world: World, resident: Resident) -> None:
    head = ["残疾人", "公民身份号码", "档次"]
    rows = csv_of([["陈桂英", resident.identity or "", "二级"]], head)
    by, unit = federation(world), world.unit(CHONGCHUAN, "disabled_federation")
    place = world.place(CHONGCHUAN)
    file = open_file(place, unit=unit, file_name="a.csv", content=rows, by=by)
    assert file.columns == {"残疾人": "", "公民身份号码": "identity_number", "档次": ""}
    with pytest.raises(Refused) as nameless:
        choose_columns(file, by=by)
    assert nameless.value.code == "missing_column"
    chosen = {"残疾人": "name", "档次": "disability_grade"}
    choose_columns(file, columns=chosen, background=False, by=by)
    again = open_file(place, unit=unit, file_name="b.csv", content=rows, by=by)
    assert again.columns == {**file.columns}
    assert ColumnMemory.objects.filter(unit=unit).count() == 3
    other = world.unit(CHONGCHUAN, "health")
    with pytest.raises(Refused) as foreign:
        open_file(place, unit=other, file_name="c.csv", content=rows, by=by)
    assert foreign.value.code == "foreign_unit"


def test_a_file_that_is_none_is_refused_with_the_cure(world: World) -> None:
    unit = world.unit(CHONGCHUAN, "disabled_federation")
    place, by = world.place(CHONGCHUAN), federation(world)
    for content, code in (
        (b"", "empty"),
        (b"\x89PNG\r\n", "wrong_type"),
        (b"a,b\n1,2", "no_header"),
    ):
        with pytest.raises(Refused) as refusal:
            open_file(place, unit=unit, file_name="x", content=content, by=by)
        assert refusal.value.code == code
    with pytest.raises(PermissionDenied):
        open_file(place, unit=unit, file_name="x", content=b"", by=world.neighbour_admin)


def test_rows_of_another_system_go_the_same_way(world: World, resident: Resident) -> None:
    rows = [
        {"姓名": "陈桂英", "公民身份号码": resident.identity, "残疾等级": "二级"},
        {"姓名": "某,人"},
    ]
    file = sent(world, rows_as_file(rows))
    assert counts(file) == (2, 1, 0, 0, 1)


def test_a_community_finds_enters_or_misses_the_person(world: World, resident: Resident) -> None:
    rows = [[name, "", f"1540000070{n}", "南园社区", "一级", ""] for n, name in enumerate("甲乙丙")]
    file = kept_none(world, sent(world, csv_of([[f"沈{r[0]}丁", *r[1:]] for r in rows])))
    found, absent, other = CheckTask.objects.visible_to(world.network_admin).order_by("pk")
    with pytest.raises(Refused) as nobody:
        answer_task(found, answer="found", by=world.network_admin)
    assert nobody.value.code == "who"
    with pytest.raises(PermissionDenied):
        answer_task(found, answer="absent", by=world.neighbour_admin)
    answer_task(found, answer="found", resident=resident, by=world.network_admin)
    answer_task(absent, answer="absent", note_text="已迁走", by=world.network_admin)
    for answer, code in (("open", "unknown_answer"), ("found", "who")):
        with pytest.raises(Refused) as refusal:
            answer_task(other, answer=answer, by=world.network_admin)
        assert refusal.value.code == code
    with pytest.raises(Refused) as twice:
        answer_task(absent, answer="absent", by=world.network_admin)
    assert twice.value.code == "already_answered"
    file.refresh_from_db()
    assert (file.matched, file.unmatched) == (1, 2)


def kept_none(world: World, file: DepartmentFile) -> DepartmentFile:
    with pytest.raises(Refused) as nothing:
        queue_keeping(file, by=federation(world))
    assert nothing.value.code == "nothing_to_keep"
    return file


def test_a_killed_worker_leaves_a_file_that_goes_on(
    committed_db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle of a portion: what was committed stays, the rest is done once."""
    world = build_world()
    people = invented(60, seed=7)
    register(world, people[:50])
    monkeypatch.setattr(sending, "ROWS_AT_ONCE", 20)
    unit = world.unit(CHONGCHUAN, "disabled_federation")
    rows = csv_of([listed(p, at) for at, p in enumerate(people)])
    file = open_file(
        world.place(CHONGCHUAN), unit=unit, file_name="a.csv", content=rows, by=federation(world)
    )
    choose_columns(file, background=False, by=federation(world))
    _killed(committed_db, "compare", file.pk)
    file.refresh_from_db()
    assert (file.state, file.rows_done, file.rows.count()) == ("matching", 20, 20)
    work_on_file(file.pk)
    file.refresh_from_db()
    assert (file.state, *counts(file)) == ("matched", 60, 50, 0, 10, 0)
    queue_keeping(file, background=False, by=federation(world))
    _killed(committed_db, "keep", file.pk)
    file.refresh_from_db()
    assert (file.state, file.kept) == ("keeping", 20)
    DepartmentFile.objects.update(updated_at="2026-01-01T00:00:00Z")
    assert resume_work() == 1
    work_on_file(file.pk)
    file.refresh_from_db()
    assert (file.state, file.kept) == ("kept", 50)
    assert told_grades() == 50


DYING_WORKER = """
import os, signal, sys
import django
django.setup()
from yiwang.linkage.actions import sending
from yiwang.linkage.jobs import work_on_file
sending.ROWS_AT_ONCE = 20
step, file = sys.argv[1], int(sys.argv[2])
done, calls = getattr(sending, step), []
def dying(*args):
    calls.append(1)
    done(*args)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
setattr(sending, step, dying)
work_on_file(file)
"""


def _killed(site: Any, step: str, file: int) -> None:
    """A worker process that is killed without a word inside its second portion."""
    environment = {
        **os.environ,
        "YIWANG_TEST": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(settings.DATA_DIR),
        "DATABASE_URL": site.url("app"),
        "DATABASE_OWNER_URL": site.url("owner"),
        "DATABASE_READER_URL": site.url("reader"),
    }
    command = [sys.executable, "-c", DYING_WORKER, step, str(file)]
    assert subprocess.run(command, env=environment, timeout=120, check=False).returncode == -9


def test_keeping_the_register_s_value_is_a_decision_on_record(
    world: World, resident: Resident
) -> None:
    number = resident.identity or ""
    other = Source(SourceKind.DEPARTMENT, "崇川区卫健委", "某人", owner_code="health")
    told(resident, {"ethnicity": "han"}, other)
    head = ["姓名", "公民身份号码", "民族"]
    file = kept(world, sent(world, csv_of([["陈桂英", number, "回族"]], head)))
    row = file.rows.get()
    assert row.conflicts == {"ethnicity": ""}
    decide_conflict(row, field="ethnicity", take="register", by=world.network_admin)
    decision = SourceRecord.objects.get(resident=resident, nature=Nature.DECIDED)
    assert decision.says("ethnicity") == "han"
    assert decision.collected_by == world.network_admin.label
    assert "核对后保留一网的内容" in decision.reason
    assert row.decided == {"ethnicity": world.network_admin.label}
    assert known(resident, "ethnicity").value == "han"


def test_a_newer_list_asks_again_only_about_another_value(world: World, resident: Resident) -> None:
    """What was decided for the register is not opened again by the same word a year later."""
    number = resident.identity or ""
    other = Source(SourceKind.DEPARTMENT, "崇川区卫健委", "某人", owner_code="health")
    told(resident, {"ethnicity": "han"}, other)
    head = ["姓名", "公民身份号码", "民族"]
    file = kept(world, sent(world, csv_of([["陈桂英", number, "回族"]], head)))
    decide_conflict(file.rows.get(), field="ethnicity", take="register", by=world.network_admin)
    for days, word, conflict in ((30, "回族", "register"), (60, "满族", "")):
        with circumstances(at=timezone.now() + timedelta(days=days)):
            newer = kept(world, sent(world, csv_of([["陈桂英", number, word]], head)))
        row = newer.rows.get()
        assert (row.conflicts, row.undecided) == ({"ethnicity": conflict}, int(not conflict)), word
        assert known(resident, "ethnicity").value == "han"


def test_a_file_is_undone_by_a_job_that_shows_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = invented(5)
    register(world, people)
    file = kept(world, sent(world, csv_of([listed(one, at) for at, one in enumerate(people)])))
    assert file.kept == 5
    monkeypatch.setattr("yiwang.linkage.actions.sending.ROWS_AT_ONCE", 2)
    undo_file(file, background=False, by=federation(world))
    assert (file.state, file.busy, file.kept) == ("undoing", True, 5)
    undo_rows(file, by=federation(world))
    assert (file.state, file.kept) == ("undoing", 3)
    work_on_file(file.pk)
    file.refresh_from_db()
    assert (file.state, file.kept, file.busy) == ("undone", 0, False)
    with pytest.raises(Refused) as twice:
        undo_rows(file, by=federation(world))
    assert twice.value.code == "wrong_state"
