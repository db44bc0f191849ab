"""Lists that a city adds to without touching code: legal forms, resources, papers, checks."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

DATA: Final = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of a list.

    `coded`: such an organisation has a unified social credit code. `paper`: the paper it must hold
    to be taken up as a service subject.
    """

    code: str
    name: str
    name_en: str
    icon: str = ""
    coded: str = ""
    paper: str = ""

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def is_coded(self) -> bool:
        return self.coded == "yes"


@cache
def _list(name: str) -> Mapping[str, Kind]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Kind(**row) for row in csv.DictReader(file)}


def legal_forms() -> Mapping[str, Kind]:
    """Government window, committee, social organisation, team, company … (DIV-12)."""
    return _list("legal_forms")


def resource_kinds() -> Mapping[str, Kind]:
    """Hall, sports ground, canteen, experts … (DIV-11)."""
    return _list("resource_kinds")


def paper_kinds() -> Mapping[str, Kind]:
    """Licences, certificates, permits."""
    return _list("paper_kinds")


def checks() -> Mapping[str, Kind]:
    """What is looked at before a service subject is taken up."""
    return _list("checks")


def label_of(kinds: Mapping[str, Kind], code: str) -> str:
    """The words of a code; the code itself when the list has lost it."""
    return kinds[code].label if code in kinds else code


def choices(kinds: Mapping[str, Kind]) -> list[tuple[str, str]]:
    """For a form, in the reader's language."""
    return [(one.code, one.label) for one in kinds.values()]
