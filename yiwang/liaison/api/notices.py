"""Work notices and their receipts."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import file_answer
from yiwang.divisions.models import Division
from yiwang.liaison import actions
from yiwang.liaison.actions.notices import Letter
from yiwang.liaison.models import NoticeFile, Receipt, WorkNotice
from yiwang.liaison.reads.notices import STATES, own_receipt, with_reading

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class WorkNoticeOut(Schema):
    """A notice, and how many places got and confirmed it."""

    id: int
    division: int = Field(alias="division_id")
    unit_name: str
    audience: str
    under: int = Field(alias="under_id")
    title: str
    text: str
    sent_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None
    receipts: int = Field(alias="all")
    confirmed: int
    files: list[int]

    @staticmethod
    def resolve_files(notice: Any) -> list[int]:
        return [file.pk for file in notice.files.all()]


class NoticeReceiptOut(Schema):
    """What one place did with a notice."""

    id: int
    notice: int = Field(alias="notice_id")
    division: int = Field(alias="division_id")
    read_at: datetime | None
    confirmed_at: datetime | None
    reminders: int
    question: str
    answer: str


class WorkNoticeIn(Schema):
    """A notice of the caller's own place."""

    title: str = Field(max_length=120)
    text: str = Field(max_length=4000)
    audience: str = Field(max_length=9)
    under: int | None = None
    days: int | None = None


class NoticeQuestionIn(Schema):
    """What is asked back."""

    text: str = Field(max_length=500)


class NoticeAnswerIn(Schema):
    """The answer to one receipt."""

    receipt: int
    text: str = Field(max_length=500)


class NoticeWithdrawalIn(Schema):
    """Why a notice is taken back."""

    reason: str = Field(max_length=300)


def _rows(request: StaffRequest) -> QuerySet[Any]:
    return with_reading(WorkNotice.objects.visible_to(request.actor)).prefetch_related("files")


def _one(request: StaffRequest, pk: int) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/notices", response=list[WorkNoticeOut], summary="工作通知 Notices")
@allowed("liaison.view")
def work_notices(
    request: StaffRequest, sent: bool = False, q: str = "", start: Start = 0, limit: Limit = 25
) -> list[WorkNotice]:
    """Those of the area and those that came; `sent` keeps those of the own place."""
    rows = _rows(request).order_by("-sent_at", "-pk")
    rows = rows.filter(division_id=request.actor.division_id) if sent else rows
    return list((rows.filter(title__contains=q) if q else rows)[start : start + limit])


@router.post("/notices", response={201: WorkNoticeOut}, summary="发通知 Send a notice")
@allowed("liaison.notify")
def send_work_notice(request: StaffRequest, body: WorkNoticeIn) -> Status[WorkNotice]:
    place = get_object_or_404(Division.objects.in_city(), pk=request.actor.division_id)
    made = actions.send_notice(place, letter=Letter(**body.dict()), by=request.actor)
    return Status(201, _one(request, made.pk))


@router.get("/notices/waiting", response=list[NoticeReceiptOut], summary="待确认 To confirm")
@allowed("liaison.view")
def receipts_waiting(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Receipt]:
    """What the own place still has to confirm."""
    rows = Receipt.objects.visible_to(request.actor).to(request.actor.division_id).waiting()
    return list(rows.order_by("notice__due_at", "pk")[start : start + limit])


@router.get("/notices/{pk}", response=WorkNoticeOut, summary="一份通知 One notice")
@allowed("liaison.view")
def one_work_notice(request: StaffRequest, pk: int) -> WorkNotice:
    found: WorkNotice = _one(request, pk)
    return found


@router.get("/notices/{pk}/receipts", response=list[NoticeReceiptOut], summary="回执 Receipts")
@allowed("liaison.view")
def receipts_of_notice(
    request: StaffRequest, pk: int, state: str = "", start: Start = 0, limit: Limit = 25
) -> list[Receipt]:
    """State is waiting, unread, read, confirmed or asked."""
    rows = Receipt.objects.visible_to(request.actor).filter(notice=_one(request, pk))
    rows = rows.filter(STATES[state]) if state in STATES else rows
    return list(rows[start : start + limit])


@router.post("/notices/{pk}/read", response=NoticeReceiptOut, summary="已读 Read")
@allowed("liaison.confirm")
def read_work_notice(request: StaffRequest, pk: int) -> Receipt:
    receipt = own_receipt(_one(request, pk), request.actor)
    return actions.read_notice(receipt, by=request.actor)


@router.post("/notices/{pk}/confirm", response=NoticeReceiptOut, summary="确认 Confirm")
@allowed("liaison.confirm")
def confirm_work_notice(request: StaffRequest, pk: int) -> Receipt:
    receipt = own_receipt(_one(request, pk), request.actor)
    return actions.confirm_notice(receipt, by=request.actor)


@router.post("/notices/{pk}/ask", response=NoticeReceiptOut, summary="提问 Ask back")
@allowed("liaison.confirm")
def ask_about_notice(request: StaffRequest, pk: int, body: NoticeQuestionIn) -> Receipt:
    receipt = own_receipt(_one(request, pk), request.actor)
    return actions.ask_back(receipt, text=body.text, by=request.actor)


@router.post("/notices/{pk}/answer", response=WorkNoticeOut, summary="答复 Answer")
@allowed("liaison.notify")
def answer_about_notice(request: StaffRequest, pk: int, body: NoticeAnswerIn) -> WorkNotice:
    return actions.answer_question(_one(request, pk), **body.dict(), by=request.actor)


@router.post("/notices/{pk}/remind", response=WorkNoticeOut, summary="提醒 Remind")
@allowed("liaison.notify")
def remind_of_work_notice(request: StaffRequest, pk: int) -> WorkNotice:
    return actions.remind_of_notice(_one(request, pk), by=request.actor)


@router.post("/notices/{pk}/withdraw", response=WorkNoticeOut, summary="撤回 Withdraw")
@allowed("liaison.notify")
def withdraw_work_notice(request: StaffRequest, pk: int, body: NoticeWithdrawalIn) -> WorkNotice:
    return actions.withdraw_notice(_one(request, pk), reason=body.reason, by=request.actor)


@router.post("/notices/{pk}/files", response={201: WorkNoticeOut}, summary="加附件 Attach a file")
@allowed("liaison.notify")
def attach_to_notice(
    request: StaffRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
) -> Status[WorkNotice]:
    """A photo or PDF, as a form."""
    actions.attach_file(_one(request, pk), upload=file, by=request.actor)
    return Status(201, _one(request, pk))


@router.get("/files/{pk}", summary="附件 An attachment")
@allowed("liaison.view")
def notice_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file, under its real type, once it was looked at for viruses."""
    found = get_object_or_404(NoticeFile.objects.visible_to(request.actor), pk=pk)
    return file_answer(found, found.file_name.rpartition(".")[0])
