"""What a list leaves unsaid about each place: level, parent, kind, names to show and to find."""

from collections.abc import Callable
from typing import Final

import polars as pl
from django.conf import settings

from yiwang.divisions.rules import Depth, range_of
from yiwang.divisions.rules.names import PLACEHOLDER, SETTLEMENT, kind_of, short_name
from yiwang.divisions.rules.readings import readings

Progress = Callable[[int, int], None]
STEP: Final = 20_000
# The order in which staged rows are copied into the database.
STAGED: Final = (
    "key", "parent", "row", "code", "parent_code", "level", "name", "short_name", "pinyin", "initials", "name_en",
    "kind", "placeholder", "settlement",
)  # fmt: skip


def derive(frame: pl.DataFrame, progress: Progress | None = None) -> pl.DataFrame:
    """Complete the rows of a list (row, code, name, said) to what a division stores."""
    key = pl.col("code").cast(pl.Int64)
    frame = frame.with_columns(key=key, level=_level(key)).with_columns(parent_code=_parent())
    frame = frame.with_columns(
        kind=_kinds(frame),
        short_name=_short_names(frame),
        placeholder=pl.col("name").str.contains(PLACEHOLDER, literal=True),
    ).with_columns(
        settlement=pl.when(pl.col("placeholder"))
        .then(pl.lit(""))
        .otherwise(pl.col("kind").replace_strict(SETTLEMENT, default="")),
    )
    city = range_of(settings.CITY)
    exact = (pl.col("level") < int(Depth.COMMUNITY)) | pl.col("key").is_between(city.lo, city.hi)
    frame = frame.with_columns(exact=exact, parent=_parent_key(frame))
    keys = ["short_name", "exact"]
    return frame.join(_readings(frame, progress), on=keys, maintain_order="left").select(STAGED)


def _level(key: pl.Expr) -> pl.Expr:
    """The level, read from the trailing zeros of the key."""
    return (
        pl.when(key % 10**10 == 0).then(int(Depth.PROVINCE))
        .when(key % 10**8 == 0).then(int(Depth.CITY))
        .when(key % 10**6 == 0).then(int(Depth.COUNTY))
        .when(key % 10**3 == 0).then(int(Depth.TOWNSHIP))
        .otherwise(int(Depth.COMMUNITY))
        .cast(pl.Int16)
    )  # fmt: skip


def _parent() -> pl.Expr:
    """The code one level up in twelve digits; a province has none.

    A city without counties (东莞) repeats itself as a county, so that its towns find it.
    """
    level = pl.col("level")
    head = pl.when(level == Depth.CITY).then(2).when(level == Depth.COUNTY).then(4)
    digits = head.when(level == Depth.TOWNSHIP).then(6).otherwise(9)
    code = pl.col("code").str.head(digits).str.pad_end(12, "0")
    return pl.when(pl.col("level") == Depth.PROVINCE).then(pl.lit("")).otherwise(code)


def _parent_key(frame: pl.DataFrame) -> pl.Expr:
    """The key above, where the list itself holds it."""
    code = pl.col("parent_code")
    held = code.is_in(frame["code"].implode()) & (code != pl.col("code"))
    return pl.when(held).then(code.cast(pl.Int64, strict=False))


def _kinds(frame: pl.DataFrame) -> pl.Series:
    columns = frame.select("level", "key", "name", "said").iter_rows()
    kinds = [kind_of(Depth(level), key, name, said) for level, key, name, said in columns]
    return pl.Series("kind", kinds)


def _short_names(frame: pl.DataFrame) -> pl.Series:
    columns = frame.select("level", "name").iter_rows()
    return pl.Series("short_name", [short_name(Depth(level), name) for level, name in columns])


def _readings(frame: pl.DataFrame, progress: Progress | None) -> pl.DataFrame:
    """Pinyin, initials and English name of every different short name.

    Phrases are read as phrases in the city served and above the communities; the hundreds of
    thousands of communities elsewhere character by character, each character looked up once.
    """
    names = frame.select("short_name", "exact").unique(maintain_order=True)
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for at, (short, exact) in enumerate(names.iter_rows(), start=1):
        for column, text in zip(found, readings(short, exact=exact), strict=True):
            column.append(text)
        if progress and at % STEP == 0:
            progress(at * frame.height // names.height, frame.height)
    pinyin, initials, name_en = found
    return names.with_columns(
        pinyin=pl.Series(pinyin), initials=pl.Series(initials), name_en=pl.Series(name_en)
    )
