"""What everybody may ask by program: whether a paper holds, and one's own appointment (SVC-07, 20)."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, File, Form, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.matters.reads.results import Verified
from yiwang.organizations.actions import (
    Offer,
    PaperSaid,
    hand_in_paper,
    send_application,
    send_corrections,
    withdraw_application,
)
from yiwang.organizations.models import Application
from yiwang.portal.actions import (
    checked,
    proved_application,
    proved_appointment,
    take_application_from,
)
from yiwang.portal.reads.applying import progress_of_application
from yiwang.portal.reads.tracking import locked_words, tries_from
from yiwang.queues.actions import cancel_appointment, move_appointment
from yiwang.queues.models import Appointment

router = Router(tags=["核验"])


class VerifiedOut(Schema):
    """What stands behind the code of a paper: never the text."""

    number: str
    title: str
    unit: str
    issued_on: date
    name: str
    granted: bool
    valid: bool
    revoked_on: date | None
    reason: str


@router.get("/verify/{code}", response=VerifiedOut, auth=None, summary="核验文书 Verify a paper")
def verify_paper(request: HttpRequest, code: str) -> Verified:
    """404 for a code there is not; 429 after too many of them from one place."""
    tries = tries_from(str(request.META.get("REMOTE_ADDR", "")))
    if locked := locked_words(tries):
        raise HttpError(429, locked)
    found = checked(code[:24], tries)
    if found is None:
        raise Http404
    return found


class BookedIn(Schema):
    """The number of an appointment and the last digits of the telephone."""

    number: str = Field(max_length=20)
    last_four: str = Field(max_length=8)


class BookedMoveIn(BookedIn):
    starts_at: datetime


class BookedOut(Schema):
    """What the holder of a number may see."""

    number: str
    unit: int = Field(alias="unit_id")
    letter: str
    starts_at: datetime
    ends_at: datetime
    state: str


def _by() -> Actor:
    return Actor.public("queues.book", label="预约人")


@router.post("/appointments", response=BookedOut, auth=None, summary="查预约 Find")
def booked(request: HttpRequest, body: BookedIn) -> Appointment:
    return proved_appointment(body.number, body.last_four)


@router.post("/appointments/move", response=BookedOut, auth=None, summary="改期 Move")
def booked_move(request: HttpRequest, body: BookedMoveIn) -> Appointment:
    found = proved_appointment(body.number, body.last_four)
    return move_appointment(found, starts_at=body.starts_at, by=_by())


@router.post("/appointments/cancel", response=BookedOut, auth=None, summary="取消预约 Cancel")
def booked_cancel(request: HttpRequest, body: BookedIn) -> Appointment:
    return cancel_appointment(proved_appointment(body.number, body.last_four), by=_by())


class ApplicantSaysIn(Schema):
    """Who applies and what is offered; areas by key of division, none means its own community."""

    name: str = ""
    legal_form: str = ""
    credit_code: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    categories: list[str]
    services: str
    phone: str
    hours: str = ""
    areas: list[int] = []

    def values(self) -> dict[str, str]:
        return self.dict(
            include={
                "name",
                "legal_form",
                "credit_code",
                "address",
                "contact_name",
                "contact_phone",
            }
        )

    def offer(self) -> Offer:
        """404 for an area there is not."""
        areas = list(Division.objects.in_city().current().filter(pk__in=self.areas))
        if len(areas) != len(set(self.areas)):
            raise Http404
        return Offer(self.categories, self.services, self.phone, self.hours, areas)


class ApplicationIn(ApplicantSaysIn):
    """`place`: the key of the community the organisation is in."""

    place: int


class ApplicationHeldIn(Schema):
    """The number of an application and the last digits of the contact telephone."""

    number: str = Field(max_length=20)
    last_four: str = Field(max_length=8)


class ApplicationCorrectedIn(ApplicantSaysIn, ApplicationHeldIn):
    """What is left empty stays as it was."""


class ApplicationPaperIn(ApplicationHeldIn):
    """What stands on a paper; no last day means for ever."""

    kind: str
    paper_number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


class ApplicationPaperOut(Schema):
    kind: str
    number: str
    expires_on: date | None
    file_name: str
    scan: str


class ApplicationOut(Schema):
    """What the holder of a number may see; `state` empty once another application took its place."""

    number: str
    name: str
    state: str
    asked: str
    reason: str
    needed: str
    papers: list[ApplicationPaperOut]


def _application(found: Application) -> dict[str, Any]:
    found.refresh_from_db()
    progress = progress_of_application(found)
    standing, papers = progress["standing"], progress["papers"]
    return {
        "number": found.number, "name": found.organization.name, "asked": found.asked,
        "state": standing.state if standing else "", "reason": progress["reason"],
        "papers": papers, "needed": progress["needed"],
    }  # fmt: skip


def _applicant() -> Actor:
    return Actor.public("organizations.apply", label="申请单位")


@router.post(
    "/applications", response={201: ApplicationOut}, auth=None, summary="申请入驻 Apply to serve"
)
def apply_to_serve(request: HttpRequest, body: ApplicationIn) -> Status[dict[str, Any]]:
    """404 for a place or area there is not; 422 also after too many from one place."""
    place = Division.objects.in_city().current().filter(pk=body.place).first()
    if place is None:
        raise Http404
    offer = body.offer()
    take_application_from(str(request.META.get("REMOTE_ADDR", "")))
    made = send_application(place, values=body.values(), offer=offer, by=_applicant())
    return Status(201, _application(made))


@router.post("/applications/find", response=ApplicationOut, auth=None, summary="查申请 Find")
def application(request: HttpRequest, body: ApplicationHeldIn) -> dict[str, Any]:
    return _application(proved_application(body.number, body.last_four))


@router.post(
    "/applications/papers", response=ApplicationOut, auth=None, summary="上传证照 Hand in a paper"
)
def apply_with_paper(
    request: HttpRequest,
    body: Form[ApplicationPaperIn],
    file: Annotated[UploadedFile | None, File()] = None,
) -> dict[str, Any]:
    found = proved_application(body.number, body.last_four)
    said = PaperSaid(body.kind, body.paper_number, body.issued_on, body.expires_on)
    return _application(hand_in_paper(found, said=said, upload=file, by=_applicant()))


@router.post(
    "/applications/correct", response=ApplicationOut, auth=None, summary="补正 Send corrections"
)
def correct_application(request: HttpRequest, body: ApplicationCorrectedIn) -> dict[str, Any]:
    found, offer = proved_application(body.number, body.last_four), body.offer()
    made = send_corrections(found, values=body.values(), offer=offer, by=_applicant())
    return _application(made)


@router.post(
    "/applications/withdraw", response=ApplicationOut, auth=None, summary="撤回申请 Withdraw"
)
def withdraw_apply(request: HttpRequest, body: ApplicationHeldIn) -> dict[str, Any]:
    """While nothing is decided; one may apply again."""
    found = proved_application(body.number, body.last_four)
    return _application(withdraw_application(found, by=_applicant()))
