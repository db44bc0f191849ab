"""What is compared of a person: names folded and spelled, numbers veiled, addresses in parts."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth, pinyin
from yiwang.residents.rules.address import parts_of

INPUT: Final = ("id", "name", "sex", "born_on", "identity", "phone", "address")
OUTPUT: Final = (
    "id", "name", "letters", "pinyin", "sound", "surname", "born", "sex", "identity", "phone",
    "address", "building", "place",
)  # fmt: skip
_SIMPLIFIED: Final = Path(__file__).resolve().parent.parent / "data" / "simplified.txt"
_DIGITS: Final = "0123456789X"
_LONGEST: Final = 18
Keyed = Callable[[str, str], bytes]


@cache
def _to_simplified() -> dict[int, str]:
    pairs = _SIMPLIFIED.read_text(encoding="utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def folded(name: str) -> str:
    """A name without dots and spaces, in simplified characters: 張 桂蘭 is 张桂兰."""
    plain = clean_text(fullwidth_to_halfwidth(name)).lower().translate(_to_simplified())
    return "".join(char for char in plain if char.isalnum())


def near(sound: str) -> str:
    """A reading without what ears confuse along the Yangtze: zh and z, n and ng."""
    for heard, said in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(heard, said)
    return sound


def features(frame: pl.DataFrame, keyed: Keyed) -> pl.DataFrame:
    """The columns that are compared, from rows with the columns of `INPUT`; empty is null.

    Numbers are veiled: each place has its own keyed order of digits, so that a wrong digit still
    is one wrong digit, and nobody without the key reads the number.
    """
    names = _names(frame["name"].unique().to_list())
    places = _places(frame["address"].unique().to_list())
    joined = frame.join(names, left_on="name", right_on="raw", how="left").join(
        places, left_on="address", right_on="raw", how="left"
    )
    made = joined.select(
        "id",
        pl.col("folded").alias("name"),
        "letters",
        "pinyin",
        "sound",
        pl.col("pinyin").str.slice(0, 1).alias("surname"),
        pl.col("born_on").str.replace_all("-", "").alias("born"),
        "sex",
        _veiled("identity", keyed),
        _veiled("phone", keyed),
        pl.col("whole").alias("address"),
        "building",
        "place",
    )
    texts = [name for name in OUTPUT if name != "id"]
    return made.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts
    )


def _names(names: list[str]) -> pl.DataFrame:
    plain = [folded(name) for name in names]
    sounds = [pinyin(name) for name in plain]
    return pl.DataFrame(
        {
            "raw": names,
            "folded": plain,
            "letters": ["".join(sorted(name)) for name in plain],
            "pinyin": sounds,
            "sound": [near(sound) for sound in sounds],
        },
        schema=dict.fromkeys(("raw", "folded", "letters", "pinyin", "sound"), pl.String),
    )


def _places(addresses: list[str]) -> pl.DataFrame:
    rows = [(address, *_parts(address)) for address in addresses]
    schema = dict.fromkeys(("raw", "whole", "building", "place"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parts(address: str) -> tuple[str, str, str]:
    """The whole address in one form, its building, and its estate, road or village."""
    if not address:
        return "", "", ""
    parts = parts_of(address.translate(_to_simplified()))
    place = parts.get("road", "") + parts.get("estate", "")
    building = f"{place}#{parts['building']}" if "building" in parts else ""
    whole = "#".join([place, *(parts.get(name, "") for name in ("building", "unit", "room"))])
    return whole, building, place


def _veiled(column: str, keyed: Keyed) -> pl.Expr:
    """Digit by digit through the keyed order of its place; other characters stay."""
    text = pl.col(column)
    signs = [text.str.slice(at, 1).replace(_order(column, at, keyed)) for at in range(_LONGEST)]
    return pl.concat_str(signs).alias(column)


def _order(kind: str, at: int, keyed: Keyed) -> dict[str, str]:
    mixed = sorted(_DIGITS, key=lambda digit: keyed(f"linkage.{kind}.{at}", digit))
    return dict(zip(_DIGITS, mixed, strict=True))
