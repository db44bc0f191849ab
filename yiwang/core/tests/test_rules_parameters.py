"""The shipped parameters: each dated, sourced, named in both languages and readable."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest

from yiwang.core.rules.calendar import EndOfDay, Unit, parse_hours
from yiwang.core.rules.terms import UNITS, shown

DATA = Path(__file__).parents[1] / "data" / "parameters.csv"
with DATA.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
VALUES = {row["rule_id"]: json.loads(row["value"]) for row in ROWS}
COLUMNS = [
    "rule_id",
    "jurisdiction",
    "effective_from",
    "effective_to",
    "value",
    "unit",
    "source",
    "confidence",
    "name",
    "name_en",
    "note",
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule_id"])
def test_a_parameter_is_dated_sourced_and_named_in_both_languages(row):
    assert list(row) == COLUMNS
    assert date.fromisoformat(row["effective_from"]) < date(2026, 11, 1)
    assert row["effective_to"] == "" or row["effective_to"] >= row["effective_from"]
    assert row["jurisdiction"] in {"", "CN"} or len(row["jurisdiction"]) == 12
    assert row["confidence"] in {"C", "P", "A", "M", "ours"}
    assert json.loads(row["value"]) not in (None, "", [])
    assert all(row[column].strip() for column in ("rule_id", "unit", "source", "name", "name_en"))
    assert row["name_en"].isascii()


def test_a_rule_has_one_value_a_day_in_a_place():
    places = [(row["rule_id"], row["jurisdiction"], row["effective_from"]) for row in ROWS]
    assert len(places) == len(set(places))


def test_the_calendars_own_parameters_can_be_read():
    first, last = map(date.fromisoformat, VALUES["core.calendar_range"])
    assert (first, last) == (date(2004, 1, 1), date(2027, 12, 31))
    assert len(parse_hours(VALUES["core.working_hours"])) == 2
    assert EndOfDay(VALUES["core.end_of_day"]) is EndOfDay.CLOSE


def test_periods_of_law_are_counted_in_known_units():
    legal = [row for row in ROWS if row["rule_id"].startswith(("SV-", "FI-", "HL-5.", "EV-3."))]
    units = {row["unit"] for row in legal if row["unit"].endswith(("_days", "_hours"))}
    assert units <= set(Unit)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("SV-1.correction", 5),
        ("SV-2.decide", 20),
        ("SV-2.extend", 10),
        ("SV-3.decide", 45),
        ("FI-1.reply", 20),
        ("EV-1.grades", 5),
        ("matters.amber_share", 80),
        ("matters.tracking_tries", 5),
        ("matters.rating_invitation", 14),
        ("matters.draft_days", 30),
        ("accounts.lock_tries", 5),
        ("residents.fresh.phone", 365),
        ("residents.fresh.income", 180),
        ("residents.agent_years", 1),
    ],
)
def test_the_numbers_of_law_and_plan_are_the_ones_written_there(rule, value):
    assert VALUES[rule] == value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule_id"])
def test_no_code_is_left_in_what_a_reader_sees(row):
    assert row["unit"] in UNITS
    told = f"{shown(json.loads(row['value']), row['unit'])} {UNITS[row['unit']]}"
    assert row["unit"] == "text" or not re.search("[a-z_]{3,}|[TF]alse|[][{}']", told), told
