"""Column expressions: text tidied, numbers and days recognised without looking at single rows."""

from datetime import date, timedelta
from typing import Final

import polars as pl

from .identity import EARLIEST_BIRTH, PROVINCES

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FULL: Final = [chr(code) for code in range(0xFF01, 0xFF5F)] + ["\u3000"]
_HALF: Final = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)] + [" "]
_SERIAL_DAY_ZERO: Final = date(1899, 12, 30)
_NEEDED: Final = (
    "identity_number", "born_on", "sex", "phone", "home_address", "household", "relation",
    "standing", "community", "division_code",
)  # fmt: skip
_NOT_PLAIN: Final = r"[^!-~\x{4E00}-\x{9FFF}]"
_FROM_A_NUMBER: Final = r"^'|\.0$"
_CODES: Final = (
    "identity_number",
    "phone",
    "born_on",
    "household",
    "division_code",
    "emergency_phone",
)


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Text as it is stored: NFC, no control or zero-width characters, single spaces, no quote.

    Most cells are plain already; only the others are worked on.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(_tidy(frame[name], code=name in _CODES) for name in texts)


def _tidy(cells: pl.Series, *, code: bool) -> pl.Series:
    doubtful = cells.str.contains(_NOT_PLAIN) | cells.str.contains(_FROM_A_NUMBER)
    if not doubtful.any():
        return cells
    clean = (
        cells.filter(doubtful)
        .str.replace_all(r"[\t\r\n]", " ")
        .str.replace_all(r"[\p{Cc}\p{Cf}]", "")
        .str.normalize("NFC")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    if code:
        clean = clean.str.replace_many(_FULL, _HALF).str.replace_all(_FROM_A_NUMBER, "")
    return cells.scatter(doubtful.arg_true(), clean)


def bare(column: str) -> pl.Expr:
    """A number without the spaces, quotes and hyphens people put between its digits."""
    return pl.col(column).str.replace_all(r"[\s'\"-]", "")


def plain_chinese_name(column: str) -> pl.Expr:
    """Two to twenty Chinese characters and nothing else: by far the most names."""
    return pl.col(column).str.contains(r"^[\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}]{2,20}$")


def sound_identity(number: pl.Expr, today: date) -> pl.Expr:
    """Whether a number of 18 characters is right by GB 11643-1999, the county code not asked."""
    form = number.str.contains(r"^\d{17}[\dX]$")
    first17 = number.str.slice(0, 17).cast(pl.Int64, strict=False)
    total = sum(
        (weight * ((first17 // 10 ** (16 - at)) % 10) for at, weight in enumerate(_WEIGHTS)),
        start=pl.lit(0, pl.Int64),
    )
    last = number.str.slice(17, 1).replace("X", "10").cast(pl.Int64, strict=False)
    right = (total + last) % 11 == 1
    born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    alive = (born >= EARLIEST_BIRTH) & (born <= today)
    place = first17 // 10**15
    abroad = (first17 // 10**14) % 100
    known = pl.when(place >= 90).then(abroad).otherwise(place).is_in(list(PROVINCES))
    return (form & right & alive & known).fill_null(value=False)


def as_day(column: str) -> pl.Expr:
    """A day in ISO form, from the ways spreadsheets and people write it; null when it is none.

    Understands 1947-3-12, 1947/3/12, 1947.3.12, 1947年3月12日, 19470312, the serial numbers of
    spreadsheets (days since 1899-12-30), and a year alone (kept as four digits).
    """
    text = pl.col(column).str.replace(r"[ T]00:00:00(\.0+)?$", "")
    spread = text.str.replace_all(r"\s*[年月/.．。-]\s*", "-").str.replace(r"\s*日$", "")
    parts = spread.str.extract_groups(r"^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$")
    joined = pl.concat_str(
        parts.struct.field("y"),
        parts.struct.field("m").str.zfill(2),
        parts.struct.field("d").str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
    solid = pl.when(text.str.contains(r"^\d{8}$")).then(text).str.to_date("%Y%m%d", strict=False)
    serial = pl.when(text.str.contains(r"^\d{4,5}$") & ~_is_year(text)).then(text)
    day = pl.lit(_SERIAL_DAY_ZERO) + pl.duration(days=serial.cast(pl.Int64, strict=False))
    year = pl.when(_is_year(text)).then(text.str.slice(0, 4))
    return pl.coalesce(pl.coalesce(joined, solid, day).cast(pl.Date).dt.to_string("%Y-%m-%d"), year)


def _is_year(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^(18[89]|19\d|20\d)\d年?$")


def complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column the register needs, and what the identity number tells of birth and sex."""
    missing = [name for name in _NEEDED if name not in frame.columns]
    frame = frame.with_columns(pl.lit("").alias(name) for name in missing)
    frame = frame.with_columns(_told_birth(), _told_sex())
    standing = pl.col("standing")
    frame = frame.with_columns(
        _birth(),
        _first_given(pl.col("sex"), pl.col("_id_sex")).alias("sex"),
        _first_given(standing, pl.lit("registered")).alias("standing"),
    )
    born = pl.col("born_on")
    whole = pl.when(born.str.len_chars() == 10).then(born).otherwise(pl.lit(""))
    return frame.with_columns(born.str.slice(0, 4).alias("birth_year"), whole.alias("born_on"))


def _told_birth() -> pl.Expr:
    """The birth date in the identity number; empty without a number."""
    number = pl.col("identity_number")
    parts = [number.str.slice(start, length) for start, length in ((6, 4), (10, 2), (12, 2))]
    told = pl.concat_str(*parts, separator="-")
    return pl.when(number != "").then(told).otherwise(pl.lit("")).alias("_id_born")


def _told_sex() -> pl.Expr:
    """The sex in the identity number; empty without a number."""
    number = pl.col("identity_number")
    male = number.str.slice(16, 1).is_in(["1", "3", "5", "7", "9"])
    told = pl.when(male).then(pl.lit("male")).otherwise(pl.lit("female"))
    return pl.when(number != "").then(told).otherwise(pl.lit("")).alias("_id_sex")


def _birth() -> pl.Expr:
    """The birth date given, else the one of the number; a mere year that agrees adds nothing."""
    born, told = pl.col("born_on"), pl.col("_id_born")
    only_year = (born.str.len_chars() == 4) & (born == told.str.slice(0, 4))
    given = pl.when(only_year).then(pl.lit("")).otherwise(born)
    return _first_given(given, told).alias("born_on")


def _first_given(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    return pl.when(first != "").then(first).otherwise(second)


def excel_serial(day: date) -> int:
    """The number a spreadsheet keeps for a day."""
    return (day - _SERIAL_DAY_ZERO) // timedelta(days=1)
