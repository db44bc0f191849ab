"""Organisations from workbooks: row errors with cures, partly taken, taken back as a whole."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.world import COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.organizations.actions import change_organization, import_organizations, undo_import
from yiwang.organizations.models import Batch, Organization
from yiwang.organizations.sheets import COLUMNS, read_organizations, template

from .town import code, enter

ADDRESS = "/desk/organizations/import/"


def csv(*rows: str, heads: str = "名称,类型,统一社会信用代码,社区,联系电话") -> bytes:
    return "\n".join([heads, *rows]).encode()


def sheet(*rows: list[str]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in ([*COLUMNS], *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.fixture
def street(world: World) -> Client:
    client = Client()
    client.force_login(world.post(Role.TOWNSHIP_NETWORK, STREET, "service_centre").user)
    return client


def test_every_wrong_cell_is_named_with_its_cure(world: World) -> None:
    place = world.place(STREET)
    enter(world, "老字号茶馆")
    found = read_organizations(
        csv(
            f"清爽洗衣店,个体工商户,{code(1)},{world.place(COMMUNITY).name},15400007733",
            f"甲店,个体工商户,{code(1)},{COMMUNITY},",
            "乙店,小卖部,,月球,123",
            ",个体工商户,,,",
            f"老字号茶馆,个体工商户,,{COMMUNITY},",
        ),
        place,
    )
    assert [row.values["name"] for row in found.rows] == ["清爽洗衣店"]
    told = {(one.row, one.column) for one in found.faults}
    assert told >= {
        (3, "统一社会信用代码"), (4, "类型"), (4, "社区"), (4, "联系电话"), (5, "名称"), (6, "名称"),
    }  # fmt: skip
    assert all(one.problem for one in found.faults)
    assert all(one.value == "" for one in found.faults if one.column == "联系电话")
    assert found.failed == 4


def test_a_file_that_is_none_is_refused(world: World) -> None:
    for data in (b"\xff\xfe", "姓名\n张三".encode(), csv()):
        with pytest.raises(Refused):
            read_organizations(data, world.place(STREET))


def test_nothing_goes_in_while_a_row_is_wrong_unless_the_rest_is_wanted(
    world: World, street: Client
) -> None:
    data = sheet(
        ["清爽洗衣店", "个体工商户", code(1), str(COMMUNITY), "", "", "", "", ""],
        ["乙店", "小卖部", "", str(COMMUNITY), "", "", "", "", ""],
    )

    def send(**more: str) -> int:
        file = SimpleUploadedFile("单位.xlsx", data)
        return street.post(ADDRESS, {"file": file, **more}).status_code

    assert (send(), send(check="1", partly="on"), Organization.objects.count()) == (422, 422, 0)
    assert (send(partly="on"), Organization.objects.count()) == (302, 1)
    assert (Batch.objects.get().made, Batch.objects.get().failed) == (1, 1)


def test_a_code_that_is_held_adds_to_its_record(world: World) -> None:
    one = enter(world, "清爽洗衣店", credit_code=code(1))
    heads = "名称,类型,统一社会信用代码,地址"
    rows = read_organizations(
        csv(f"清爽洗衣店,个体工商户,{code(1)},人民路8号", heads=heads), world.place(COMMUNITY)
    )
    batch = import_organizations(
        world.place(COMMUNITY), rows=rows.rows, file_name="a.csv", by=world.network_admin
    )
    one.refresh_from_db()
    assert (rows.known, batch.made, batch.changed, one.address) == (1, 0, 1, "人民路8号")
    undo_import(batch, by=world.network_admin)
    one.refresh_from_db()
    assert (one.state, one.address) == ("active", "")


def test_an_import_is_taken_back_as_a_whole_unless_something_was_built_on_it(
    world: World,
) -> None:
    place, by = world.place(COMMUNITY), world.network_admin

    def load(number: int) -> Batch:
        rows = read_organizations(csv(f"第{number}商店,个体工商户,{code(number)},,"), place).rows
        return import_organizations(place, rows=rows, by=by)

    undo_import(load(1), by=by)
    assert Organization.objects.get(name="第1商店").state == "withdrawn"
    assert load(1).made == 1
    used = load(2)
    one = Organization.objects.get(name="第2商店")
    change_organization(one, changes={"address": "人民路1号"}, by=by)
    with pytest.raises(Refused) as refusal:
        undo_import(used, by=by)
    assert refusal.value.code == "in_use"


def test_the_template_is_read_back_and_the_export_is_masked(world: World, street: Client) -> None:
    book = load_workbook(io.BytesIO(template()))
    assert [cell.value for cell in book.worksheets[0][1]] == list(COLUMNS)
    enter(world, "清爽洗衣店", contact_name="顾红", contact_phone="15400007733")
    answer = street.get("/desk/organizations/export/?q=清爽")
    (sheet_,) = load_workbook(io.BytesIO(answer.content)).worksheets
    text = str([[cell.value for cell in row] for row in sheet_.iter_rows()])
    assert "清爽洗衣店" in text
    assert "154****7733" in text
    assert "15400007733" not in text
    assert "顾红" not in text
