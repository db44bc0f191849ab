"""Wrong workbooks: every one gets a sentence with its cure, and nothing is half-written."""

import io
import zipfile
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.world import World
from yiwang.core.errors import Refused
from yiwang.residents.models import ImportBatch
from yiwang.residents.sheets import failed_rows_workbook

from .test_imports import GOOD, HEAD, LIU, saved, text, upload, workbook


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "wrong_type"),
        (b"%PDF-1.7 ...", "wrong_type"),
        (b"PK\x03\x04 broken archive", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing", "damaged"),
        (b"\x00\x01\x02\x03", "wrong_type"),
        ("手机,住址\n138,x".encode(), "missing_column"),
        ("甲,乙\n1,2".encode(), "no_header"),
        ("姓名,手机,联系电话\n张三,1,2".encode(), "duplicate_column"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_cure(
    world: World, data: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        upload(world, data)
    assert refusal.value.code == code
    assert "。" in str(refusal.value)
    assert not ImportBatch.objects.exists()


def test_a_zip_that_is_no_workbook_is_told_apart(world: World) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.txt", "x")
    with pytest.raises(Refused) as refusal:
        upload(world, buffer.getvalue())
    assert refusal.value.code == "wrong_type"


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (["", LIU, "", "", "", "", "", ""], "姓名", "没有填写姓名"),
        (["😀", LIU, "", "", "", "", "", ""], "姓名", "没有文字"),
        (["长" * 101, LIU, "", "", "", "", "", ""], "姓名", "超过 100 个字"),
        (["刘凤英", LIU[:17], "", "", "", "", "", ""], "身份证", "18 位"),
        (["刘凤英", LIU[:-1] + "0", "", "", "", "", "", ""], "身份证", "校验位"),
        (["刘凤英", 320690194806150025, "", "", "", "", "", ""], "身份证", "校验位"),
        (["刘凤英", LIU, "1390000", "", "", "", "", ""], "手机", "11 位"),
        (["刘凤英", LIU, "85216622", "", "", "", "", ""], "手机", "区号"),
        (["刘凤英", LIU, "", "1948-02-30", "", "", "", ""], "出生日期", "不是一个日期"),
        (["刘凤英", LIU, "", "1949-06-15", "", "", "", ""], "出生日期", "不一致"),
        (["刘凤英", "", "", "2999-01-01", "", "", "", ""], "出生日期", "还没有到"),
        (["刘凤英", LIU, "", "", "路" * 201, "", "", ""], "住址", "超过 200 个字"),
        (["刘凤英", LIU, "", "", "", "H1", "邻居", ""], "与户主关系", "可选内容"),
        (["刘凤英", "", "", "", "", "", "", ""], "identity", "认不出是谁"),
    ],
)
def test_each_fault_names_row_column_value_and_cure(
    world: World, row: list[Any], column: str, problem: str
) -> None:
    batch = upload(world, workbook([GOOD[1], row]))
    assert (batch.ok, batch.failed) == (1, 1)
    fault = batch.errors[0]
    assert fault["row"] == 3
    assert fault["column"] == ("身份证" if column == "identity" else column)
    assert problem in fault["problem"]
    assert fault["cure"]
    assert len(fault["value"]) <= 60


def test_a_name_of_ten_megabytes_gets_a_sentence(world: World) -> None:
    batch = upload(world, text([["名" * 3_500_000, LIU]], HEAD[:2]).encode(), "big.csv")
    assert batch.failed == 1
    assert len(batch.errors[0]["value"]) == 60


def test_a_file_larger_than_the_limit_is_not_taken(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        upload(world, ("姓名,手机\n" + "x" * 51 * 1024**2).encode(), "big.csv")
    assert refusal.value.code == "too_big"


def test_formulas_without_a_result_are_named(world: World) -> None:
    batch = upload(world, workbook([["=A1&B1", LIU], ["刘小军", "", "13900000003"]], HEAD[:3]))
    assert (batch.ok, batch.failed) == (1, 1)
    assert any("公式" in one["problem"] and one["row"] == 2 for one in batch.errors)


def test_merged_cells_are_named(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(GOOD)))
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("E2:E4")
    batch = upload(world, saved(book))
    assert (batch.ok, batch.failed) == (1, 2)
    assert {one["row"] for one in batch.errors} == {3, 4}
    assert "合并" in batch.errors[0]["problem"]


def test_a_wrong_community_in_ones_own_file_is_named(world: World) -> None:
    head = ["所属社区", *HEAD[:2]]
    batch = upload(world, workbook([["濠东社区", "刘凤英", LIU], ["", "李四", ""]], head))
    assert batch.errors[0]["column"] == "所属社区"


def test_numbers_that_look_like_formulas_stay_text(world: World) -> None:
    batch = upload(world, workbook([["=1+1", "x"], ["刘凤英", LIU]], HEAD[:2]))
    again = failed_rows_workbook(batch)
    assert pl.read_excel(again).height == 1
