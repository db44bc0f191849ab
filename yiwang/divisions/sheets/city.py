"""The city that comes with the programs: Nantong from 2020 to today, its changes done as acts."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db import transaction

from yiwang.core.acts import Actor
from yiwang.core.errors import Refused
from yiwang.divisions.actions import (
    Decision,
    NewPlace,
    Territory,
    abolish_division,
    merge_divisions,
    move_division,
    recode_division,
    record_classes,
    record_past_name,
    rename_division,
)
from yiwang.divisions.models import Division, DivisionCode, Review, Succession
from yiwang.divisions.rules import parent_of
from yiwang.divisions.rules.matching import Listed
from yiwang.divisions.rules.reading import read_text

from .boundaries import load_boundaries
from .crosswalk import load_crosswalk
from .derive import Progress
from .listing import read_listed
from .load import CommandLine, Loaded, load_divisions

DATA: Final = Path(__file__).resolve().parent.parent / "data"
BEFORE: Final = DATA / "nantong_divisions_2020-06-30.csv"
TODAY: Final = DATA / "nantong_divisions.csv"
CHANGES: Final = DATA / "nantong_division_changes.csv.gz"
BEFORE_DAY: Final = date(2020, 6, 30)
# The day the last published statistical list speaks of.
TODAY_DAY: Final = date(2023, 6, 30)
NEXT_EDITION: Final = "2020-06-30/2021-10-31"
# Changes between two editions of the list are known by the editions alone.
EDITION: Final = "统计用区划代码（%s 版）"


@dataclass
class CityLoaded:
    """What was done to bring the city up to date."""

    listed: list[Loaded] = field(default_factory=list)
    changes: int = 0
    skipped: int = 0
    outlines: int = 0
    codes: int = 0


def load_city(progress: Progress | None = None, *, by: Actor | None = None) -> CityLoaded:
    """Nantong with its history: the list of 2020, the changes since as acts, the list of today.

    All or nothing; safe to repeat: what is there already is only compared with the list.
    """
    actor = by or CommandLine()
    done = CityLoaded()
    with transaction.atomic():
        if not Division.objects.in_city().exists():
            done.listed.append(load_divisions(BEFORE, on=BEFORE_DAY, by=actor))
            _History(done, actor).repeat()
        done.listed.append(load_divisions(TODAY, progress, on=TODAY_DAY, by=actor))
        load_classes(DATA / "nantong_classes.csv", by=actor)
        for name in ("nantong_counties_pre2020.geojson.gz", "nantong_counties.geojson"):
            done.outlines += load_boundaries(DATA / name, by=actor)
        done.codes = load_crosswalk(DATA / "nantong_township_crosswalk.csv", by=actor)
    return done


def load_classes(path: Path | str, *, by: Actor | None = None) -> int:
    """Urban core, kiosk phase, usual and former names of counties (DIV-02 defaults)."""
    path = Path(path)
    frame = pl.read_csv(io.StringIO(read_text(path)), infer_schema=False).fill_null("")
    rows: list[dict[str, Any]] = [
        {
            **row,
            "key": int(row["code"].ljust(12, "0")),
            "urban_core": row["urban_core"] == "1",
            "kiosk_phase": int(row["kiosk_phase"]),
        }
        for row in frame.iter_rows(named=True)
    ]
    area = Territory(settings.CITY)
    return record_classes(area, classes=rows, source=path.name, by=by or CommandLine())


class _History:
    """The recorded changes of the city after the first list, repeated as acts."""

    def __init__(self, done: CityLoaded, by: Actor) -> None:
        self.done, self.by = done, by
        self.listing: list[Listed] = read_listed(TODAY)

    def repeat(self) -> None:
        """County level with its documents first, then edition by edition; what fails is counted."""
        frame = pl.read_csv(io.StringIO(read_text(CHANGES)), infer_schema=False).fill_null("")
        rows = list(frame.iter_rows(named=True))
        counties = [row for row in rows if row["level"] == "county" and row["doc"]]
        for row in counties:
            if row["date"] < str(BEFORE_DAY) and row["date"] > "2018":
                self._past(row)
        self._mergers([row for row in counties if row["date"] > str(BEFORE_DAY)])
        editions = [row for row in rows if "/" in row["date"] and row["date"] >= str(BEFORE_DAY)]
        # Of these the next edition tells that only the name differs.
        editions += [
            {**row, "date": NEXT_EDITION} for row in rows if row["note"].startswith("name differs")
        ]
        for row in sorted(editions, key=_order):
            self._edition(row)

    def _past(self, row: dict[str, str]) -> None:
        division = Division.objects.filter(pk=int(row["to_code"])).first()
        if division is not None and row["from_name"] != row["to_name"]:
            record_past_name(
                division, former=row["from_name"], former_code=row["from_code"].rstrip("0"),
                decision=self._decision(row), by=self.by,
            )  # fmt: skip
            self.done.changes += 1

    def _mergers(self, rows: list[dict[str, str]]) -> None:
        city = Division.objects.get(pk=settings.CITY)
        heirs = {row["to_code"]: row for row in rows}
        for code, row in heirs.items():
            froms = [int(one["from_code"]) for one in rows if one["to_code"] == code]
            old = list(Division.objects.current().filter(pk__in=froms))
            decision = self._decision(row)
            if len(old) > 1:
                place = NewPlace(row["to_name"], code)
                merge_divisions(
                    city, merged=old, into=place, listing=self.listing, decision=decision,
                    by=self.by,
                )  # fmt: skip
            else:
                recode_division(
                    old[0], code=code, name=row["to_name"], listing=self.listing,
                    decision=decision, by=self.by,
                )  # fmt: skip
            self.done.changes += 1

    def _edition(self, row: dict[str, str]) -> None:
        orphan, heir = self._orphan(row), self._bearer(row["to_code"])
        if orphan is not None and heir is not None and heir.valid_to is None:
            self._join(orphan, heir, self._decision(row))
            return
        division = self._bearer(row["from_code"]) or orphan
        if division is None or division.valid_to is not None:
            return
        try:
            self._apply(division, row, self._decision(row))
        except Refused:
            self.done.skipped += 1

    def _orphan(self, row: dict[str, str]) -> Division | None:
        """A place carried over without a code, which a later edition says what became of."""
        code = row["to_code"] or row["from_code"]
        if not code or not row["from_name"]:
            return None
        coded = DivisionCode.objects.filter(valid_to__isnull=True).values("division_id")
        county = int(code) // 10**6 * 10**6
        found = Division.objects.current().under(county).filter(name=row["from_name"])
        return found.exclude(pk__in=coded).first()

    def _join(self, orphan: Division, heir: Division, decision: Decision) -> None:
        parent = orphan.parent
        if parent is not None:
            merge_divisions(parent, merged=[orphan], into=heir, decision=decision, by=self.by)
            settled = {"how": "heir", "key": heir.pk, "document": decision.document}
            Review.objects.filter(division__in=(orphan, heir), state=Review.State.OPEN).update(
                state=Review.State.DECIDED, decision=settled
            )
            self.done.changes += 1

    def _apply(self, division: Division, row: dict[str, str], decision: Decision) -> None:
        code, name = row["to_code"], row["to_name"]
        if row["kind"] == "abolish":
            abolish_division(division, decision=decision, by=self.by)
        elif row["kind"] == "rename" and name != division.name:
            rename_division(division, name=name, decision=decision, by=self.by)
        elif row["kind"] == "recode" and code:
            self._recode(division, code, name, decision)
        else:
            return
        self.done.changes += 1

    def _recode(self, division: Division, code: str, name: str, decision: Decision) -> None:
        parent = self._bearer(str(parent_of(int(code))))
        if division.codes.filter(code=code, valid_to__isnull=True).exists() or parent is None:
            return
        if parent.pk == division.parent_id:
            recode_division(division, code=code, name=name, decision=decision, by=self.by)
        else:
            move_division(division, to=parent, code=code, decision=decision, by=self.by)

    def _bearer(self, code: str) -> Division | None:
        """Who bears a statistical code, or carries on the place that bore it."""
        row = (
            DivisionCode.objects.filter(scheme=DivisionCode.Scheme.STATISTICS, code=code)
            .order_by("valid_to")
            .select_related("division")
            .last()
        )
        return next(_line(row.division), None) if row else None

    def _decision(self, row: dict[str, str]) -> Decision:
        day = row["date"].rsplit("/", 1)[-1]
        document = row["doc"] or EDITION % day
        return Decision(document, date.fromisoformat(day), row["note"][:500])


def _order(row: dict[str, str]) -> tuple[str, bool, bool]:
    """Edition by edition; places end after all others have moved, and the lower ones first."""
    ends = row["kind"] == "abolish"
    return row["date"], ends, ends and row["level"] != "community"


def _line(division: Division) -> Iterator[Division]:
    """The place at the end of a line of single successors."""
    while division.valid_to is not None:
        heirs = list(Succession.objects.filter(predecessor=division).select_related("successor"))
        if len(heirs) != 1:
            return
        division = heirs[0].successor
    yield division
