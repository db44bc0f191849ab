"""Loading lists of divisions: the city's own, an earlier edition, the whole nation."""

import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import Territory, import_divisions
from yiwang.divisions.models import Division
from yiwang.divisions.rules import NATION, Depth
from yiwang.divisions.rules.reading import FaultyFile, Listing, RowError, read_listing

from .derive import STAGED, Progress, derive

_DATED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Loaded:
    """What loading a file did."""

    rows: int
    added: int
    known: int
    repeated: int
    reviews: int
    seconds: float

    def __str__(self) -> str:
        return _("读入 %(rows)s 行，新增 %(added)s 处，已有 %(known)s 处，待核对 %(reviews)s 处") % {
            "rows": self.rows, "added": self.added, "known": self.known, "reviews": self.reviews,
        }  # fmt: skip


@dataclass(frozen=True)
class CommandLine:
    """Yiwang itself, loading from the command line; whoever runs it holds the machine."""

    user_id: int | None = None
    post_id: int | None = None
    label: str = "系统"

    def must(self, permission: str, subject: Any) -> None:
        """Everything: there is nobody above to ask."""


def load_divisions(
    path: Path | str,
    progress: Progress | None = None,
    *,
    on: date | None = None,
    by: Actor | None = None,
) -> Loaded:
    """Load a CSV of divisions (code, name, perhaps type), plain or gzipped, UTF-8 or GBK.

    `on` is the day the list speaks of (by default the date in its file name, else today);
    `progress` is told rows done and rows in all. Raises FaultyFile with row errors, Refused.
    """
    started = time.monotonic()
    listing = read_listing(path)
    _check_parents(listing.frame)
    staged = derive(listing.frame, progress)
    taken = import_divisions(
        Territory(_root(listing.frame)),
        staged=staged.write_csv(include_header=False).encode(),
        on=on or _day_of(listing),
        source=listing.source,
        by=by or CommandLine(),
    )
    rows = staged.height
    if progress:
        progress(rows, rows)
    return Loaded(
        rows=rows,
        added=taken.added,
        known=taken.known,
        repeated=listing.repeated,
        reviews=taken.reviews,
        seconds=round(time.monotonic() - started, 2),
    )


def _day_of(listing: Listing) -> date:
    found = _DATED.search(listing.source)
    return date.fromisoformat(found[1]) if found else timezone.localdate()


def _root(frame: pl.DataFrame) -> int:
    """The division all rows lie in: the only highest one, else the nation."""
    keys = frame["code"].cast(pl.Int64)
    top = int(keys.min() or 0)  # type: ignore[arg-type]
    below = ((keys >= top) & (keys < top + _span(top))).sum()
    return top if below == frame.height else NATION


def _span(key: int) -> int:
    from yiwang.divisions.rules import range_of

    area = range_of(key)
    return area.hi - area.lo + 1


def _check_parents(frame: pl.DataFrame) -> None:
    """Below the city every place needs the one above it, in the list or in the register."""
    heads = {Depth.COMMUNITY: 9, Depth.TOWNSHIP: 6, Depth.COUNTY: 4}
    known = set(frame["code"])
    wanted = pl.DataFrame({"code": frame["code"], "row": frame["row"], "name": frame["name"]})
    wanted = wanted.with_columns(parent=_parent_code(heads)).filter(
        (pl.col("parent") != "") & ~pl.col("parent").is_in(list(known))
    )
    missing = {int(code) for code in wanted["parent"].unique()}
    here = set(Division.objects.filter(pk__in=missing).values_list("pk", flat=True))
    gone = wanted.filter(pl.col("parent").cast(pl.Int64).is_in(list(missing - here)))
    if gone.is_empty():
        return
    errors = [
        RowError(
            row, "code", code, _("找不到上级 %(parent)s") % {"parent": parent},
            _("请在名单里补上上级，或先装入上级的名单。"),
        )
        for row, code, parent in gone.select("row", "code", "parent").head(200).iter_rows()
    ]  # fmt: skip
    message = _("文件有 %(total)s 处错误，没有写入任何内容。") % {"total": gone.height}
    raise FaultyFile(message, errors, gone.height)


def _parent_code(heads: dict[Depth, int]) -> pl.Expr:
    code = pl.col("code")
    community = code.str.head(heads[Depth.COMMUNITY]).str.pad_end(12, "0")
    township = code.str.head(heads[Depth.TOWNSHIP]).str.pad_end(12, "0")
    return (
        pl.when(~code.str.ends_with("000")).then(community)
        .when(~code.str.ends_with("000000")).then(township)
        .otherwise(pl.lit(""))
    )  # fmt: skip


__all__ = ["STAGED", "CommandLine", "Loaded", "load_divisions"]
