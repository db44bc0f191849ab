"""Parsing by rule: columns judge as single values do, and nothing anyone types breaks them."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.residents.rules.address import parts_of
from yiwang.residents.rules.checking import check_table
from yiwang.residents.rules.identity import InvalidIdentity, check_digit, check_identity
from yiwang.residents.rules.query import Shape, read_query
from yiwang.residents.rules.reading import ROW, Table, Unreadable, read_table
from yiwang.residents.rules.shapes import as_day, excel_serial, sound_identity

TODAY = date(2026, 11, 23)
# The first call of a column engine warms it up; how long that takes says nothing.
unhurried = settings(deadline=None)

days = st.dates(date(1900, 3, 1), date(2026, 11, 23))
# Numbers near the truth: the interesting faults are one character away.
near = st.builds(
    lambda area, day, serial, last: f"{area}{day:%Y%m%d}{serial:03d}{last}",
    st.sampled_from(["320690", "110101", "990000", "932069", "810000", "160000"]),
    st.dates(date(1870, 1, 1), date(2030, 1, 1)),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)


def sound(number: str) -> bool:
    try:
        return check_identity(number, TODAY).number == number
    except InvalidIdentity:
        return False


@unhurried
@given(st.lists(near | st.text(max_size=20), min_size=1, max_size=30))
def test_columns_judge_identity_numbers_as_the_rule_does(numbers: list[str]) -> None:
    plain = [number for number in numbers if number.isascii()] or ["x"]
    whole = [
        number[:17] + check_digit(number[:17])
        for number in plain
        if number[:17].isdigit() and len(number) == 18
    ]
    asked = plain + whole
    frame = pl.DataFrame({"n": asked})
    judged = frame.select(sound_identity(pl.col("n"), TODAY))["n"].to_list()
    for number, right in zip(asked, judged, strict=True):
        if right:
            assert sound(number)
        elif len(number) == 18 and number.isalnum():
            assert not sound(number)


@unhurried
@given(days)
def test_a_day_is_read_in_every_way_it_is_written(day: date) -> None:
    ways = [
        day.isoformat(), f"{day.year}-{day.month}-{day.day}", f"{day.year}/{day.month:02d}/{day.day}",
        f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}", f"{day.isoformat()} 00:00:00",
    ]  # fmt: skip
    serial = str(excel_serial(day))
    if len(serial) == 5:
        ways.append(serial)
    read = pl.DataFrame({"born_on": ways}).select(as_day("born_on"))
    assert set(read.to_series().to_list()) == {day.isoformat()}


@unhurried
@given(st.text(max_size=40))
def test_no_text_is_read_as_a_day_that_is_none(text: str) -> None:
    found = pl.DataFrame({"born_on": [text]}).select(as_day("born_on")).item()
    if found is not None:
        assert len(found) == 4 or date.fromisoformat(found).year > 0


@unhurried
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert _reading(data)


def _reading(data: bytes) -> str:
    """The sentence of the refusal, or the columns that were read."""
    try:
        return ",".join(read_table(data).frame.columns)
    except Unreadable as fault:
        return fault.message if fault.cure else ""


cells = st.text(max_size=30) | near


@unhurried
@given(st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=12))
def test_every_row_is_sound_or_blamed(rows: list[tuple[str, str, str, str]]) -> None:
    columns = ["name", "identity_number", "phone", "born_on"]
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index(ROW, offset=2)
    table = Table(frame.with_columns(pl.col(ROW).cast(pl.Int64)), {}, [])
    checked = check_table(table, TODAY)
    kept, failed = set(checked.frame[ROW]), checked.failed_rows()
    assert kept.isdisjoint(failed)
    assert kept | failed == set(range(2, 2 + len(rows)))
    for one in checked.problems:
        assert one.problem
        assert one.cure
    for number in checked.frame["identity_number"]:
        assert not number or sound(number)


@unhurried
@given(st.text(max_size=60))
def test_the_box_tells_a_shape_of_anything(text: str) -> None:
    query = read_query(text)
    assert (query.shape is Shape.NOTHING) == (not query.text)


@unhurried
@given(st.text(max_size=250))
def test_parts_of_an_address_fit_their_columns(text: str) -> None:
    limits = {"road": 80, "estate": 80, "building": 20, "unit": 20, "room": 20}
    for name, part in parts_of(text).items():
        assert 0 < len(part) <= limits[name]


def test_an_address_falls_into_its_parts() -> None:
    assert parts_of("易家桥新村12幢3单元302室") == {
        "estate": "易家桥新村", "building": "12", "unit": "3", "room": "302",
    }  # fmt: skip
    assert parts_of("工农路100号华强城3号楼1201")["road"] == "工农路100号"
    assert parts_of("颐生村5组12号") == {"road": "颐生村5组12号"}
