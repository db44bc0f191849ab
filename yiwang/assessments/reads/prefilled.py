"""What the register already says of a person, so that an assessment asks nothing twice."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yiwang.assessments.models import Scale
from yiwang.residents.models import Resident
from yiwang.residents.reads import Known, dictionary, known_fields
from yiwang.residents.rules.dictionary import Field
from yiwang.tags.models import Tag
from yiwang.tags.reads import tags_of


@dataclass(frozen=True)
class Prefilled:
    """Facts that are held and fresh, fields that have to be asked, tags the reader may know of."""

    known: list[Known]
    asked: list[Field]
    tags: list[Tag]

    @property
    def facts(self) -> dict[str, str]:
        return {one.code: one.value for one in self.known}


def prefilled(resident: Resident, scale: Scale, actor: Any, on: date) -> Prefilled:
    """Everything the form wants that the register holds; outdated values are asked again."""
    codes = scale.form.facts
    held = known_fields(resident, codes, on)
    fresh = [held[code] for code in codes if code in held and held[code].fresh]
    asked = [dictionary()[code] for code in codes if code not in held or not held[code].fresh]
    tags = [one for one in tags_of(resident, actor) if not one.kind.sensitive]
    return Prefilled(fresh, asked, tags)
