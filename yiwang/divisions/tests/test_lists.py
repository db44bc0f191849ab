"""Many places changed by one list: a workbook is read kindly, its faults are named row by row."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import CHONGCHUAN, COMMUNITY, NEIGHBOUR, STREET
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.core.errors import Refused
from yiwang.divisions.actions import Decision, NewName, rename_divisions
from yiwang.divisions.models import Change, Division

DECISION = {"document": "崇政发〔2026〕3号", "effective_on": "2026-03-01"}
SYSTEM = Actor.system()


def book(*rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("名单.xlsx", out.getvalue())


@pytest.fixture
def desk(world, client):
    client.force_login(User.objects.get(pk=world.administrator.user_id))
    return client


def send(desk, kind, key, **more):
    return desk.post(
        "/desk/divisions/changes/new/", {"type": kind, "division": key, **DECISION, **more}
    )


def shown(answer):
    return answer.content.decode()


def test_a_township_is_split_into_three_by_a_workbook_that_is_sent_once(world, desk):
    file = book(
        ["新区划", "新代码", "下级"], ["东园街道", "", "南园社区"], ["西园街道", "", "濠东社区"],
        ["北园街道", "", ""],
    )  # fmt: skip
    seen = send(desk, "split-many", STREET, file=file)
    assert seen.status_code == 200
    assert "将会发生" in shown(seen)
    assert Change.objects.count() == 0
    rows = seen.context["form"].data["rows"]
    assert send(desk, "split-many", STREET, rows=rows, confirm="1").status_code == 302
    street = Division.objects.current().filter(parent_id=CHONGCHUAN)
    assert {one.name for one in street} == {"东园街道", "西园街道", "北园街道"}
    haodong = Division.objects.current().get(name="濠东社区", parent__name="西园街道")
    assert haodong.parent_id


def test_many_places_are_renamed_by_pasted_lines(world, desk):
    rows = "原名称\t新名称\n南园社区\t南苑社区\n濠东社区\t濠城社区\n"
    assert send(desk, "rename-many", STREET, rows=rows, confirm="1").status_code == 302
    assert Division.objects.get(pk=COMMUNITY).name == "南苑社区"
    assert Division.objects.get(pk=NEIGHBOUR).name == "濠城社区"
    assert Change.objects.filter(type="rename").count() == 2


def test_faulty_rows_are_named_with_heading_value_and_cure_and_nothing_is_written(world, desk):
    file = book(
        ["原名称", "新名称", "代码"], ["南园社区", "", ""], ["没有的村", "新村", ""],
        ["濠东社区", "濠城社区", "12"], ["濠东社区", "濠北社区", "1x"],
    )  # fmt: skip
    answer = send(desk, "rename-many", STREET, file=file, confirm="1")
    assert answer.status_code == 422
    text = shown(answer)
    assert "第 2 行“新名称”" in text
    assert "第 3 行“原名称”为“没有的村”：不是这里的下级" in text
    assert "写了两行" in text
    assert "第 5 行“新代码”为“1x”" in text
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空"),
        (b"MZ" + b"\x00" * 40, "编码"),
        ("原名称,新名称".encode("utf-16"), "编码"),
        (b"PK\x03\x04broken", "打不开"),
        ("村,里\n甲,乙".encode(), "缺少列"),
        (b"x" * (6 * 2**20), "5 MB"),
    ],
)
def test_a_file_that_is_no_list_is_answered_with_a_sentence(world, desk, content, sentence):
    file = SimpleUploadedFile("名单.csv", content)
    answer = send(desk, "rename-many", STREET, file=file, confirm="1")
    assert answer.status_code == 422
    assert sentence in shown(answer)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_old_encodings_and_full_width_codes_are_read_rightly(world, desk, encoding):
    text = "原名称,新名称,代码\n３２０６１３００１００１,南苑社区,\n"
    file = SimpleUploadedFile("名单.csv", text.encode(encoding))
    answer = send(desk, "rename-many", STREET, file=file)
    assert "1 个区划更名" in shown(answer)


def test_a_list_is_done_whole_or_not_at_all(world):
    names = [
        NewName(1, world.place(COMMUNITY), "南苑社区"),
        NewName(2, world.place(NEIGHBOUR), "南苑社区"),
    ]
    decision = Decision("崇政发〔2026〕3号", date(2026, 3, 1))
    with pytest.raises(Refused, match="第 2 行"):
        rename_divisions(world.place(STREET), names=names, decision=decision, by=SYSTEM)
    assert Division.objects.get(pk=COMMUNITY).name == "南园社区"


def test_a_program_renames_many_and_a_clerk_may_not(world, desk, client):
    said = {"division": STREET, **DECISION, "rows": [{"division": COMMUNITY, "name": "南苑社区"}]}
    made = desk.post("/api/v1/divisions/renames", said, content_type="application/json")
    assert [one["facts"]["to"] for one in made.json()] == ["南苑社区"]
    client.force_login(User.objects.get(pk=world.street_clerk.user_id))
    refused = client.post("/api/v1/divisions/renames", said, content_type="application/json")
    assert refused.status_code == 403
