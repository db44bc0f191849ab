"""What goes in and out, the same for the desk and for the resident."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from yiwang.personal.models import Authorisation, RightsRequest
from yiwang.residents.models import Document, DocumentUse


class RequestOut(Schema):
    """A request about personal data; what was written is only told to the person."""

    id: int
    kind: str
    field: str
    state: str
    asked_at: datetime
    due_at: datetime
    decided_at: datetime | None


class OwnRequestOut(RequestOut):
    """A request as the person herself sees it."""

    proposed: str
    words: str
    answer: str

    @staticmethod
    def resolve_proposed(one: RightsRequest) -> str:
        return str(one.proposed or "")

    @staticmethod
    def resolve_words(one: RightsRequest) -> str:
        return str(one.words or "")

    @staticmethod
    def resolve_answer(one: RightsRequest) -> str:
        return str(one.answer or "")


class DeskRequestOut(OwnRequestOut):
    """A request as the community decides it."""

    resident: int

    @staticmethod
    def resolve_resident(one: RightsRequest) -> int:
        return one.resident_id


class DocumentUseOut(Schema):
    """One matter a document was used for."""

    label: str
    used_on: date


class OwnDocumentOut(Schema):
    """A document of the person's file, as she sees it."""

    id: int
    kind: str
    name: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    filed_on: date
    agreed: bool
    ended_on: date | None
    ended_why: str
    uses: list[DocumentUseOut]

    @staticmethod
    def resolve_uses(one: Document) -> list[DocumentUse]:
        return list(one.uses.all())


class DocumentConsentIn(Schema):
    """Whether the document may be used again in later matters."""

    agreed: bool


class RightAskIn(Schema):
    """A request; `proposed` only for a correction."""

    kind: str
    field: str = ""
    proposed: str = ""
    words: str = ""


class AuthorisationOut(Schema):
    """Who acts for whom; both masked."""

    id: int
    resident: str
    holder: str
    relation: str
    scopes: list[str]
    basis: str
    starts_on: date
    ends_on: date
    revoked_at: datetime | None

    @staticmethod
    def resolve_resident(one: Authorisation) -> str:
        return one.resident.masked_name

    @staticmethod
    def resolve_holder(one: Authorisation) -> str:
        return one.holder.masked_name


class AuthorisedIn(Schema):
    """Who shall act, named by name and telephone as the register holds them."""

    name: str
    phone: str
    relation: str
    scopes: list[str]
    ends_on: date | None = None


class ConsentOut(Schema):
    id: int
    purpose: str
    basis: str
    text_version: int
    given_at: datetime
    how: str
    withdrawn_at: datetime | None


class PurposeIn(Schema):
    purpose: str


class Done(Schema):
    """It was done."""

    done: bool = True


class OwnAssessmentOut(Schema):
    """An assessment of mine: the grade, until when, every score."""

    id: int
    grade: str
    subsidy: str
    total: int
    assessed_on: date
    valid_until: date
    objected_on: date | None
    scores: dict[str, int]

    @staticmethod
    def resolve_scores(one: Any) -> dict[str, int]:
        scores: dict[str, int] = one.content.get("answers", {})
        return scores


class GradeObjectionIn(Schema):
    """What is wrong with the grade."""

    words: str
