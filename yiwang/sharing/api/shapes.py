"""What the operations about sharing take and give."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from yiwang.residents.models import Standing
from yiwang.sharing.models.agreement import Basis
from yiwang.sharing.reads import tags_told
from yiwang.sharing.rules.scope import LISTS, Scope


class SelectionIn(Schema):
    """Which items of the dictionary, which of them whole, of whom: places, ages in full years,
    codes of tags, standings; people need one of the tags and one of the standings.
    """

    fields: list[str]
    clear: list[str] = []
    areas: list[int] = []
    age_from: int | None = None
    age_to: int | None = None
    tags: list[str] = []
    standings: list[Standing] = []


class ScopeIn(SelectionIn):
    """What is asked, with purpose, law and term."""

    purpose: str
    basis: Basis
    law: str
    ends_on: date

    def scope(self) -> Scope:
        said = self.dict()
        return Scope(**{**said, **{name: tuple(said[name]) for name in LISTS}})


class AgreementIn(ScopeIn):
    """A new agreement about the people of a division."""

    division: int
    title: str


class LessIn(Schema):
    """Less than was asked; what is left out here stays as asked."""

    fields: list[str] | None = None
    clear: list[str] | None = None
    areas: list[int] | None = None
    age_from: int | None = None
    age_to: int | None = None
    tags: list[str] | None = None
    standings: list[Standing] | None = None
    ends_on: date | None = None


class LimitIn(LessIn):
    """What of it is granted, and why it is less."""

    answer: str = ""


class PreviewIn(SelectionIn):
    """A selection among the people of a division."""

    division: int


class PreviewedOut(Schema):
    """One item that would be read, and whether whole."""

    code: str
    label: str
    whole: bool


class PreviewOut(Schema):
    """How many people; null where there are some, but fewer than `fewer_than`, and the caller may
    not see persons. `sensitive` says that a sensitive tag is among those selected by.
    """

    people: int | None
    fewer_than: int
    fields: list[PreviewedOut]
    sensitive: bool


class AgreementAnswerIn(Schema):
    """Why."""

    reason: str


class ScopeOut(Schema):
    """The scope of an agreement or of one of its versions."""

    fields: list[str]
    clear: list[str]
    areas: list[int]
    age_from: int | None
    age_to: int | None
    tags: list[str] = []
    standings: list[str] = []
    purpose: str
    basis: str
    law: str
    ends_on: date

    @staticmethod
    def resolve_tags(one: Any, context: Any) -> list[str]:
        """A tag the reader may not know of is `sensitive`."""
        codes = one.get("tags", ()) if isinstance(one, dict) else one.tags
        return tags_told(codes, context["request"].actor)


class AgreementOut(ScopeOut):
    """An agreement as it is in force; `asked` waits for a decision, `expired` reads nothing."""

    id: int
    division: int = Field(alias="division_id")
    unit: int = Field(alias="unit_id")
    title: str
    state: str
    expired: bool = Field(alias="is_over")
    version: int
    starts_on: date | None
    asked: ScopeOut | None
    answer: str
    file_kind: str
    file_days: int
    next_file_on: date | None


class AgreementListedOut(AgreementOut):
    """The same with what was read: calls, and persons given over all calls."""

    calls: int
    persons: int


class AgreementVersionOut(Schema):
    """One version as granted; `limited` says that less was granted than asked."""

    number: int
    granted_on: date
    limited: bool
    answer: str
    content: ScopeOut


class ReadingOut(Schema):
    """One read: query, list, changes or file."""

    at: datetime
    version: int
    kind: str
    found: int


class PersonQueryIn(Schema):
    """An identity number, a telephone or a whole name."""

    text: str = Field(max_length=100)


class GivenOut(Schema):
    """One person: `values` by item, whole where the agreement says so, else masked."""

    id: int
    division: int
    values: dict[str, str]


class PersonsOut(Schema):
    """People, the cursor to ask with next, whether there is more at once."""

    persons: list[GivenOut]
    cursor: int
    more: bool


class LeftOut(Schema):
    """Somebody whose copy is to be deleted: `reason` is moved_out, dead, tag_ended, merged or
    not_selected.
    """

    id: int = Field(alias="person")
    reason: str
    at: datetime


class ChangesOut(PersonsOut):
    """The same, and who has left."""

    left: list[LeftOut]


class SharedFileIn(Schema):
    """A file now; with `days` one every so many days, 0 ends that."""

    kind: Literal["xlsx", "csv"]
    days: int | None = None


class SharedFileOut(Schema):
    """A file of everybody inside the agreement: waiting, ready, failed or gone."""

    id: int
    kind: str
    state: str
    problem: str
    rows: int
    made_at: datetime | None
