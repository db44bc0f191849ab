"""Rows of a workbook checked as whole columns; what fails is named with row, column and cure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from yiwang.core.rules.wording import kept
from yiwang.core.rules.wording import said as _

from . import shapes
from .columns import RELATIONS, SEXES, STANDINGS
from .dictionary import CORE, Field, shipped_fields
from .reading import ROW, Table
from .values import InvalidValue, clean_name, clean_value, parse_date

SHOWN: Final = 60
"""Characters of a faulty value that are repeated in the message."""
_LONGEST: Final = {"home_address": 200, "household": 40}


@dataclass(frozen=True)
class Problem:
    """One fault of one row."""

    row: int
    column: str
    value: str
    problem: str
    cure: str

    def kept(self) -> dict[str, Any]:
        """As it is kept: sentences by their source, so that each reader has them in her language."""
        return {name: kept(one) for name, one in vars(self).items()}


@dataclass
class Checked:
    """Rows in the form they are kept in, and everything that is wrong with the others.

    `frame` holds the sound rows only; `extras` names its columns that are facts and no columns
    of the resident.
    """

    frame: pl.DataFrame
    problems: list[Problem]
    total: int
    extras: list[str]

    def failed_rows(self) -> set[int]:
        return {problem.row for problem in self.problems}


class _Check:
    """The table on its way through the checks."""

    def __init__(self, table: Table, today: date) -> None:
        self.table, self.today, self.frame = table, today, table.frame
        self.problems: list[Problem] = []

    def has(self, column: str) -> bool:
        return column in self.frame.columns

    def blame(self, row: int, column: str, value: str, problem: str, cure: str) -> None:
        title = self.table.titles.get(column) or column
        shown = value[:SHOWN] if len(value) > SHOWN else value
        self.problems.append(Problem(row, title, shown, problem, cure))

    def repair(
        self, column: str, good: pl.Expr, clean: pl.Expr, judge: Callable[[str], str]
    ) -> None:
        """Take `clean` where `good`; ask `judge` about the others, one by one.

        Empty cells stay empty. `judge` returns the clean value or raises InvalidValue.
        """
        marked = self.frame.with_columns(
            pl.when(good).then(clean).otherwise(pl.lit(None, pl.String)).alias("_clean")
        )
        doubtful = marked.filter((pl.col(column) != "") & pl.col("_clean").is_null())
        judged: dict[int, str] = {}
        for row, value in doubtful.select(ROW, column).iter_rows():
            try:
                judged[row] = judge(value)
            except InvalidValue as fault:
                self.blame(row, column, value, fault.message, fault.cure)
        if judged:
            late = pl.DataFrame(
                {ROW: list(judged), "_late": list(judged.values())},
                schema={ROW: pl.Int64, "_late": pl.String},
            )
            marked = marked.join(late, on=ROW, how="left").with_columns(
                pl.coalesce("_clean", "_late").alias("_clean")
            )
        self.frame = marked.with_columns(pl.col("_clean").fill_null("").alias(column)).select(
            self.frame.columns
        )


def check_table(table: Table, today: date, fields: Mapping[str, Field] | None = None) -> Checked:
    """Check and normalise every row; duplicates within the file count as faults of the later.

    `fields` is the dictionary with the codes of the city; without it the one as shipped.
    """
    check, known = _Check(table, today), fields or shipped_fields()
    extras = [name for name in table.frame.columns if name in known and name not in CORE]
    check.frame = shapes.tidy(check.frame)
    _spoilt_cells(check)
    _names(check)
    _identities(check)
    _births(check)
    _phones(check)
    _words(check)
    _lengths(check)
    for code in extras:
        _extra(check, known[code])
    check.frame = shapes.complete(check.frame)
    _agreement(check)
    _twice(check)
    failed = {problem.row for problem in check.problems}
    sound = check.frame.filter(~pl.col(ROW).is_in(list(failed)))
    order = sorted(check.problems, key=lambda one: one.row)
    return Checked(sound, order, table.frame.height, extras)


def _spoilt_cells(check: _Check) -> None:
    rows = set(check.frame[ROW].to_list()) if check.table.spoilt else set()
    said: set[tuple[int, str]] = set()
    words = {
        "formula": (
            _("这一格是公式，没有算好的结果。"),
            _("选中该列，复制后“选择性粘贴”为数值。"),
        ),
        "error": (_("这一格是公式错误。"), _("改成实际内容。")),
        "merged": (_("这一格在合并单元格里，没有自己的内容。"), _("取消合并，每一行都填写完整。")),
    }
    for row, column, why in check.table.spoilt:
        if row in rows and (row, why) not in said:
            said.add((row, why))
            check.blame(row, column, "", *words[why])


def _names(check: _Check) -> None:
    blank = check.frame.filter(pl.col("name") == "")
    for row in blank[ROW]:
        check.blame(row, "name", "", _("没有填写姓名。"), _("填写证件上的姓名。"))
    check.repair("name", shapes.plain_chinese_name("name"), pl.col("name"), clean_name)


def _identities(check: _Check) -> None:
    if not check.has("identity_number"):
        return
    field = shipped_fields()["identity_number"]
    number = shapes.bare("identity_number").str.to_uppercase()
    check.repair(
        "identity_number",
        shapes.sound_identity(number, check.today),
        number,
        lambda text: _identity(field, text, check.today),
    )


def _identity(field: Field, text: str, today: date) -> str:
    number = clean_value(field, text)
    if number[6:14] > today.strftime("%Y%m%d"):
        raise InvalidValue(
            "future",
            _("身份证号中的出生日期 %(digits)s 还没有到。") % {"digits": number[6:14]},
            _("对照证件核对第 7 至 14 位。"),
        )
    return number


def _births(check: _Check) -> None:
    if not check.has("born_on"):
        return
    day = shapes.as_day("born_on")
    check.repair("born_on", day.is_not_null(), day, _birth)
    future = check.frame.filter(pl.col("born_on") > check.today.isoformat())
    for row, value in future.select(ROW, "born_on").iter_rows():
        check.blame(row, "born_on", value, _("出生日期还没有到。"), _("核对年份。"))


def _birth(text: str) -> str:
    return parse_date(text).isoformat()


def _phones(check: _Check) -> None:
    field = shipped_fields()["phone"]
    if check.has("phone"):
        number = shapes.bare("phone")
        mobile = number.str.contains(r"^1[3-9]\d{9}$")
        check.repair("phone", mobile, number, lambda text: clean_value(field, text))


def _words(check: _Check) -> None:
    for column, words in (("sex", SEXES), ("standing", STANDINGS), ("relation", RELATIONS)):
        if check.has(column):
            known = pl.col(column).str.to_lowercase().str.replace_all("，", ",")
            code = known.replace_strict(words, default=None, return_dtype=pl.String)
            check.repair(column, code.is_not_null(), code, _unknown_word(words))


def _unknown_word(words: Mapping[str, str]) -> Callable[[str], str]:
    def judge(text: str) -> str:
        first: dict[str, str] = {}
        for word, code in words.items():
            first.setdefault(code, word)
        raise InvalidValue(
            "choice",
            _("“%(text)s”不在可选内容里。") % {"text": text[:20]},
            _("从这些中选一个：%(offered)s。") % {"offered": "、".join(first.values())},
        )

    return judge


def _lengths(check: _Check) -> None:
    for column, limit in _LONGEST.items():
        if check.has(column):
            long = check.frame.filter(pl.col(column).str.len_chars() > limit)
            for row, value in long.select(ROW, column).iter_rows():
                problem = _("内容有 %(found)s 个字，超过 %(limit)s 个字。") % {
                    "found": len(value), "limit": limit,
                }  # fmt: skip
                check.blame(row, column, value, problem, _("只写要点，其余放到备注或附件。"))


def _extra(check: _Check, field: Field) -> None:
    column = pl.col(field.code)
    clean = column
    good = pl.lit(field.type in ("text", "address")) & (column.str.len_chars() <= 500)
    if field.type == "choice":
        words = {choice.name: choice.code for choice in field.choices}
        clean = column.replace_strict(words, default=None, return_dtype=pl.String)
        good = clean.is_not_null()
    check.repair(field.code, good, clean, lambda text: clean_value(field, text))


def _agreement(check: _Check) -> None:
    """Identity number, birth date and sex have to tell the same; something has to tell who it is."""
    frame = check.frame
    number = pl.col("identity_number")
    born = frame.filter((number != "") & (pl.col("born_on") != pl.col("_id_born")))
    for row, value in born.select(ROW, "born_on").iter_rows():
        check.blame(
            row,
            "born_on",
            value,
            _("出生日期与身份证号不一致。"),
            _("对照证件，改正其中写错的一个。"),
        )
    sexes = frame.filter((number != "") & (pl.col("sex") != pl.col("_id_sex")))
    for row, value in sexes.select(ROW, "sex").iter_rows():
        shown = _("男") if value == "male" else _("女")
        check.blame(
            row, "sex", shown, _("性别与身份证号不一致。"), _("对照证件，改正其中写错的一个。")
        )
    bare = (number == "") & (pl.col("phone") == "") & (pl.col("birth_year") == "")
    blamed = {problem.row for problem in check.problems}
    for row in frame.filter(bare)[ROW]:
        if row not in blamed:
            check.blame(
                row,
                "identity_number",
                "",
                _("只有姓名，认不出是谁。"),
                _("至少再填身份证号、出生日期、联系电话中的一项。"),
            )


def _twice(check: _Check) -> None:
    """The second and later rows of one person: the same number, or all of name, birth, phone."""
    cure = _("删去多余的一行；如果是两个人，请核对号码。")
    frame = check.frame
    with_number = frame.filter(pl.col("identity_number") != "")
    without = frame.filter(
        (pl.col("identity_number") == "") & (pl.col("name") != "")
        & ((pl.col("phone") != "") | (pl.col("born_on") != ""))
    )  # fmt: skip
    for part, keys, column in (
        (with_number, ["identity_number"], "identity_number"),
        (without, ["name", "born_on", "phone"], "name"),
    ):
        first = part.with_columns(pl.col(ROW).first().over(keys).alias("_first"))
        for row, value, earlier in (
            first.filter(pl.col(ROW) != pl.col("_first")).select(ROW, column, "_first").iter_rows()
        ):
            problem = _("与第 %(row)s 行是同一个人。") % {"row": earlier}
            check.blame(row, column, value, problem, cure)
