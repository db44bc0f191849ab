"""Workbooks in: every wrong input of a new user gets a sentence, and nothing is half-written."""

import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import override

from tests.world import CITY, COMMUNITY, NEIGHBOUR, World
from yiwang.core.errors import Refused
from yiwang.residents.actions import (
    add_resident,
    change_resident,
    check_import,
    import_residents,
    mark_deceased,
    open_import,
    undo_import,
)
from yiwang.residents.models import (
    Household,
    ImportBatch,
    ImportFile,
    Relation,
    Resident,
    SourceRecord,
    Standing,
)
from yiwang.residents.reads import find_residents, known_fields
from yiwang.residents.rules.columns import RELATIONS, STANDINGS, column_of
from yiwang.residents.rules.identity import check_digit
from yiwang.residents.sheets import (
    failed_rows_workbook,
    load_residents,
    preview,
    residents_workbook,
    template_workbook,
)
from yiwang.residents.sheets.template import COLUMNS

HEAD = ["姓名", "身份证", "手机", "出生日期", "住址", "户号", "与户主关系", "独居情况"]
LIU = "320690194806150025"
GOOD = [
    ["刘凤英", LIU, "13900000001", "", "易家桥新村3幢201室", "H1", "户主", ""],
    ["𠮷田太郎", "", "0513-85216622", "1970年3月5日", "易家桥新村3幢202室", "H2", "户主", ""],
    ["刘小军", "", "13900000003", "1975/6/1", "易家桥新村3幢201室", "H1", "儿子", ""],
]


def workbook(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, mark: str = ",") -> str:
    return "\n".join(mark.join(row) for row in [head, *rows])


def upload(world: World, data: bytes, name: str = "居民.xlsx") -> ImportBatch:
    file = io.BytesIO(data)
    file.name = name
    return preview(file, world.place(COMMUNITY), world.network_admin)


def loaded(world: World, data: bytes) -> ImportBatch:
    return import_residents(upload(world, data), by=world.network_admin)


def test_a_workbook_becomes_residents_households_and_dwellings(world: World) -> None:
    batch = upload(world, workbook(GOOD))
    assert (batch.state, batch.rows, batch.ok, batch.failed) == ("previewed", 3, 3, 0)
    assert not Resident.objects.exists()
    batch = import_residents(batch, by=world.network_admin)
    assert (batch.state, batch.ok) == ("loaded", 3)
    liu = Resident.objects.get(name="刘凤英")
    assert (str(liu.born_on), liu.sex, liu.birth_year) == ("1948-06-15", "female", 1948)
    assert liu.identity == LIU
    assert liu.household is not None
    assert liu.household.head == liu
    assert liu.household.members.count() == 2
    assert liu.dwelling is not None
    assert (liu.dwelling.building, liu.dwelling.room) == ("3", "201")
    assert find_residents("𠮷", world.network_admin)[0].born_on == date(1970, 3, 5)
    assert find_residents("lfy", world.network_admin) == [liu]
    assert find_residents("0001", world.network_admin) == [liu]


def test_values_of_an_import_say_that_they_are_imported(world: World) -> None:
    head = ["姓名", "身份证", "民族", "紧急联系人电话"]
    loaded(world, workbook([["刘凤英", LIU, "汉族", "13900000009"]], head))
    liu = Resident.objects.get()
    codes = ["name", "phone", "ethnicity", "emergency_phone"]
    known = known_fields(liu, codes, timezone.localdate())
    assert known["name"].source_kind == "import"
    assert known["ethnicity"].value == "han"
    assert known["emergency_phone"].masked == "139****0009"
    record = SourceRecord.objects.get()
    assert "emergency_phone" not in record.values_open
    assert record.says("emergency_phone") == "13900000009"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_files_are_read_in_every_encoding_in_use(
    world: World, encoding: str, mark: str
) -> None:
    rows = GOOD if encoding != "gbk" else GOOD[:1]
    batch = upload(world, text(rows, mark=mark).encode(encoding), "居民.csv")
    assert (batch.ok, batch.failed) == (len(rows), 0)


def test_titles_may_stand_in_any_order_under_a_heading(world: World) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "南园社区居民花名册"
    sheet.merge_cells("B2:D2")
    for at, title in enumerate(["联系电话 ", "*姓名（必填）", "公民身份号码：", "爱好"]):
        sheet.cell(4, 2 + at, title)
    sheet.cell(5, 2, 13900000001)
    sheet.cell(5, 3, "刘凤英")
    sheet.cell(5, 4, LIU)
    sheet.cell(7, 3, "无名氏")
    batch = upload(world, saved(book))
    assert (batch.ok, batch.failed) == (1, 1)
    assert batch.errors[0]["row"] == 7
    assert batch.mapping["ignored"] == ["爱好"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1947-3-12", "1947-03-12"),
        ("1947/03/12", "1947-03-12"),
        ("1947.3.12", "1947-03-12"),
        ("1947年3月12日", "1947-03-12"),
        ("１９４７年３月１２日", "1947-03-12"),
        ("19470312", "1947-03-12"),
        (date(1947, 3, 12), "1947-03-12"),
        (17238, "1947-03-12"),
        ("1947", None),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(
    world: World, written: Any, kept: str | None
) -> None:
    loaded(world, workbook([["刘凤英", "", "13900000001", written]], HEAD[:4]))
    person = Resident.objects.get()
    assert (str(person.born_on) if kept else person.born_on) == kept
    assert person.birth_year == 1947


@pytest.mark.parametrize(
    "written", [LIU, "３２０６９０１９４８０６１５００２５", f"'{LIU}", f" {LIU[:6]} {LIU[6:]} "]
)
def test_identity_numbers_are_read_as_people_write_them(world: World, written: str) -> None:
    batch = upload(world, workbook([["刘凤英", written]], HEAD[:2]))
    assert (batch.ok, batch.failed) == (1, 0)


def test_a_small_x_is_the_same_number(world: World) -> None:
    first = _number_with_x()
    rows = [["刘凤英", first.lower()], ["刘凤英", first]]
    batch = upload(world, workbook(rows, HEAD[:2]))
    assert (batch.ok, batch.failed) == (1, 1)
    assert batch.errors[0]["problem"] == "与第 2 行是同一个人。"


def _number_with_x() -> str:
    found = (f"32069019500101{serial:03d}" for serial in range(1, 1000))
    return next(first + "X" for first in found if check_digit(first) == "X")


def test_failed_rows_come_back_to_be_corrected_and_are_recognised(world: World) -> None:
    rows = [GOOD[0], ["刘小军", "", "139", "1975/6/1", "", "H1", "儿子", ""]]
    batch = loaded(world, workbook(rows))
    assert (batch.ok, batch.failed) == (1, 1)
    book = openpyxl.load_workbook(io.BytesIO(failed_rows_workbook(batch)))
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][-1] == "错误与改法"
    assert sheet.max_row == 2
    assert "11 位" in str(sheet.cell(2, sheet.max_column).value)
    sheet.cell(2, 3, "13900000003")
    again = upload(world, saved(book))
    assert (again.ok, again.failed, again.known) == (1, 0, 0)
    import_residents(again, by=world.network_admin)
    whole = upload(world, workbook([rows[0], ["刘小军", "", "13900000003", "1975-6-1"]]))
    assert (whole.ok, whole.known, whole.failed) == (0, 2, 0)
    assert Resident.objects.count() == 2
    assert Household.objects.get(number="H1").members.count() == 2


def test_loading_what_is_all_known_is_refused(world: World) -> None:
    loaded(world, workbook(GOOD))
    batch = upload(world, workbook(GOOD))
    with pytest.raises(Refused) as refusal:
        import_residents(batch, by=world.network_admin)
    assert refusal.value.code == "nothing_to_import"


def test_people_of_another_community_are_not_taken_twice(world: World) -> None:
    add_resident(
        world.place(NEIGHBOUR),
        name="刘凤英",
        values={"identity_number": LIU},
        by=world.neighbour_admin,
    )
    batch = upload(world, workbook(GOOD))
    assert (batch.ok, batch.failed) == (2, 1)
    assert "濠东社区" in batch.errors[0]["problem"]


def test_problems_are_told_in_the_language_of_whoever_reads_them(world: World) -> None:
    """Checked by one person, read by another: sentences, what fills them, and names of codes."""
    rows = [["刘凤英", LIU[:17], "", "", "", "", "", ""], ["张一", "", "123", "", "", "", "", ""]]
    head = [*HEAD, "政治面貌"]
    batch = upload(world, workbook([[*row, "好"] for row in rows], head))
    chinese = " ".join(one["problem"] + one["cure"] for one in batch.errors)
    with override("en"):
        told = [one["problem"] + one["cure"] for one in batch.errors]
    assert "身份证号应为 18 位，现为 17 位。" in chinese
    assert "17" in " ".join(told)
    typed = re.compile("[“”].*?[“”]")  # what somebody typed is repeated as it was
    assert [one for one in told if re.search("[\u4e00-\u9fff]", typed.sub("", one))] == []


def test_why_a_whole_batch_failed_is_told_in_the_readers_language(world: World) -> None:
    """A file that cannot be read, and one that could not be loaded: kept once, read by anybody."""
    by = world.network_admin
    batch = open_import(
        world.place(COMMUNITY), file_name="名册.csv", content="甲,乙\n1,2\n".encode(), by=by
    )
    check_import(batch, by=by)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.FAILED
    assert batch.problem.startswith("找不到标题行：前 ")
    with override("en"):
        batch.refresh_from_db()
        assert not re.search("[\u4e00-\u9fff]", re.sub("[“”].*?[“”]", "", batch.problem))
        assert re.search(r"\d", batch.problem)
        # One that was told without blanks, in the language of a worker.
        ImportBatch.objects.filter(pk=batch.pk).update(problem="文件是空的。")
        batch.refresh_from_db()
        assert batch.problem == "The file is empty."


def test_likely_twins_of_the_register_are_left_to_a_person(world: World) -> None:
    add_resident(
        world.place(COMMUNITY),
        name="刘小军",
        values={"born_on": "1975-06-01", "phone": "13911111111"},
        by=world.network_admin,
    )
    batch = upload(world, workbook(GOOD))
    assert (batch.ok, batch.failed) == (2, 1)
    assert "可能是同一个人" in batch.errors[0]["problem"]


def test_the_register_is_asked_again_at_loading(world: World) -> None:
    batch = upload(world, workbook(GOOD))
    add_resident(
        world.place(COMMUNITY), name="刘凤英", values={"identity_number": LIU},
        by=world.network_admin,
    )  # fmt: skip
    batch = import_residents(batch, by=world.network_admin)
    assert (batch.ok, batch.known) == (2, 1)


def test_a_batch_is_loaded_once(world: World) -> None:
    batch = loaded(world, workbook(GOOD))
    with pytest.raises(Refused) as refusal:
        import_residents(batch, by=world.network_admin)
    assert refusal.value.code == "wrong_state"


def test_an_import_is_undone_as_a_whole_and_can_come_again(world: World) -> None:
    batch = loaded(world, workbook(GOOD))
    batch = undo_import(batch, by=world.network_admin)
    assert batch.state == "undone"
    assert not Resident.objects.live().exists()
    assert not Household.objects.exists()
    assert find_residents("刘凤英", world.network_admin) == []
    assert loaded(world, workbook(GOOD)).ok == 3


def test_an_import_in_use_is_not_undone_and_says_by_whom(world: World) -> None:
    batch = loaded(world, workbook(GOOD))
    liu = Resident.objects.get(name="刘凤英")
    change_resident(liu, changes={"phone": "13900000002"}, by=world.network_admin)
    mark_deceased(
        Resident.objects.get(name="刘小军"), on=timezone.localdate(), by=world.network_admin
    )
    with pytest.raises(Refused, match="刘\\*英") as refusal:
        undo_import(batch, by=world.network_admin)
    assert refusal.value.code == "rows_in_use"
    assert Resident.objects.live().count() == 2


def test_an_import_into_another_community_is_not_allowed(world: World) -> None:
    with pytest.raises(PermissionDenied):
        preview(io.BytesIO(workbook(GOOD)), world.place(COMMUNITY), world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        preview(io.BytesIO(workbook(GOOD)), world.place(COMMUNITY), world.bureau_clerk)
    batch = loaded(world, workbook(GOOD))
    with pytest.raises(PermissionDenied):
        undo_import(batch, by=world.neighbour_admin)


def test_the_workbook_lies_encrypted_and_leaves_when_it_has_served(world: World) -> None:
    batch = upload(world, workbook(GOOD))
    assert ImportFile.objects.get(batch=batch).content.startswith(b"PK")
    import_residents(batch, by=world.network_admin)
    assert not ImportFile.objects.get(batch=batch).sealed_content


def test_a_city_wide_file_names_its_communities(world: World, tmp_path: Path) -> None:
    path = tmp_path / "居民.csv"
    head = ["社区", *HEAD[:3]]
    rows = [["南园社区", *GOOD[0][:3]], ["濠东社区", "李四", "", "13900000004"],
            ["没有的社区", "王五", "", "13900000005"], ["", "赵六", "", "13900000006"]]  # fmt: skip
    path.write_text(text(rows, head), encoding="utf-8")
    seen: list[tuple[int, int | None]] = []
    batch = load_residents(path, progress=lambda done, total: seen.append((done, total)))
    assert (batch.ok, batch.failed) == (2, 2)
    assert seen[-1] == (4, 4)
    assert Resident.objects.get(name="李四").division_id == NEIGHBOUR
    assert "没有这个村（居）" in batch.errors[0]["problem"]


def test_the_template_can_be_filled_in_and_uploaded(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(world.place(COMMUNITY))))
    assert book.sheetnames == ["居民", "填写说明"]
    sheet = book["居民"]
    titles = [cell.value for cell in sheet[1]]
    assert titles[0] == "姓名（必填）"
    row = {"姓名（必填）": "刘凤英", "公民身份号码": LIU, "居住状态": "户籍在本地", "民族": "汉族",
           "与户主关系": "祖父母、外祖父母", "婚姻状况": "丧偶"}  # fmt: skip
    for at, title in enumerate(titles, start=1):
        sheet.cell(2, at, row.get(str(title)))
    batch = upload(world, saved(book))
    assert (batch.ok, batch.failed, batch.mapping["ignored"]) == (1, 0, [])
    city = openpyxl.load_workbook(io.BytesIO(template_workbook(world.place(CITY))))
    assert city["居民"].cell(1, 1).value == "社区（必填）"


def test_the_english_template_is_understood_as_well(world: World) -> None:
    with override("en"):
        book = openpyxl.load_workbook(io.BytesIO(template_workbook(world.place(COMMUNITY))))
        sheet = book.worksheets[0]
        titles = [str(cell.value) for cell in sheet[1]]
        labels = {"Standing": Standing.AWAY.label, "Relation": Relation.IN_LAW.label}
    assert [column_of(title) for title in titles] == list(COLUMNS)
    assert STANDINGS[str(labels["Standing"]).lower().replace("，", ",")] == "away"
    assert RELATIONS[str(labels["Relation"]).lower()] == "in_law"


def test_a_masked_list_holds_no_whole_number(world: World) -> None:
    loaded(world, workbook(GOOD))
    people = Resident.objects.select_related("division", "dwelling", "household")
    book = openpyxl.load_workbook(io.BytesIO(residents_workbook(people, title="南园社区居民")))
    everything = " ".join(
        str(cell) for sheet in book for row in sheet.values for cell in row if cell
    )
    assert "3206**********0025" in everything
    for secret in (LIU, "13900000001", "刘凤英", "201室"):
        assert secret not in everything
