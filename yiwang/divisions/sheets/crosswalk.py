"""The second scheme of codes: civil-affairs codes of townships, matched by name to the register."""

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor
from yiwang.core.rules.wording import listed
from yiwang.divisions.actions import Territory, record_codes
from yiwang.divisions.models import DivisionCode, Review
from yiwang.divisions.rules import NATION
from yiwang.divisions.rules.reading import FaultyFile, read_text

from .derive import Progress
from .load import CommandLine

# The day the civil-affairs list speaks of; since when each code is in use it does not say.
LIST_DAY: Final = date(2025, 12, 31)
COLUMNS: Final = {"nbs_2023_code", "mca_2025_code", "mca_2025_name"}


def load_crosswalk(
    path: Path | str, progress: Progress | None = None, *, by: Actor | None = None
) -> int:
    """Give townships their civil-affairs codes; what has no partner goes to the review queue.

    Gives the number of codes. Raises FaultyFile.
    """
    path = Path(path)
    frame = pl.read_csv(read_text(path).encode(), infer_schema=False).fill_null("")
    if missing := COLUMNS - set(frame.columns):
        raise FaultyFile(_("缺少列：%(columns)s。") % {"columns": listed(sorted(missing))})
    keys = _keys(frame["nbs_2023_code"].to_list())
    codes, reviews = [], []
    for row in frame.iter_rows(named=True):
        code, key = row["mca_2025_code"], keys.get(row["nbs_2023_code"])
        if code and key is not None:
            codes.append(_code(key, code, path.name))
        elif code:
            reviews.append(_question(keys, row))
    if progress:
        progress(frame.height, frame.height)
    asked = [one for one in reviews if one is not None]
    return record_codes(
        Territory(NATION), codes=codes, reviews=asked, source=path.name, by=by or CommandLine()
    )


def _keys(codes: list[str]) -> dict[str, int]:
    """Division keys by statistical code in force, counties by their first six digits too."""
    counties = {code[:6].ljust(12, "0") for code in codes if code}
    rows = DivisionCode.objects.filter(
        scheme=DivisionCode.Scheme.STATISTICS, code__in={*codes, *counties}, valid_to__isnull=True
    )
    return dict(rows.values_list("code", "division_id"))


def _code(key: int, code: str, source: str) -> DivisionCode:
    return DivisionCode(
        division_id=key, scheme=DivisionCode.Scheme.CIVIL_AFFAIRS, code=code, source=source
    )


def _question(keys: dict[str, int], row: dict[str, str]) -> Review | None:
    """The civil-affairs list names a place the register does not; asked of its county."""
    county = keys.get(row["mca_2025_code"][:6].ljust(12, "0"))
    if county is None:
        return None
    facts = {"new": row["mca_2025_name"], "code": row["mca_2025_code"]}
    return Review(division_id=county, topic=Review.Topic.OUTSIDE, facts=facts)
