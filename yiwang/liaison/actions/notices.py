"""Notices are sent, read, confirmed, asked about, reminded of, withdrawn (HOT-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, file_limits, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.divisions.models import Division
from yiwang.liaison.models import Audience, NoticeFile, Receipt, WorkNotice
from yiwang.liaison.reads.notices import audiences_of, recipients

from .equipment import said

Uploads = Sequence["UploadedFile[Any]"]


@dataclass(frozen=True)
class Letter:
    """What is told, to whom, and in how many working days it is to be confirmed."""

    title: str
    text: str
    audience: str
    under: int | None = None
    days: int | None = None


@act("liaison.notify")
def send_notice(
    division: Division, *, letter: Letter, uploads: Uploads = (), by: Actor
) -> WorkNotice:
    """Send a notice from the own place; every place it goes to gets a receipt to confirm.

    Refused: not_own, audience, nobody, days, text_missing, and what a file may be refused for.
    """
    if division.pk != by.division_id and by.post_id is not None:
        raise Refused("not_own", _("通知以本级的名义发出，不能代别的区划发。"))
    under = letter.under or division.pk
    _may_reach(division, letter.audience, under)
    days = int(parameter("liaison.confirm_days")) if letter.days is None else letter.days
    if not 0 < days <= int(parameter("liaison.most_confirm_days")):
        message = _("确认期限不能是这么多个工作日。")
        raise Refused("days", message, {"days": message})
    now, keys = moment(), _recipients(division.pk, letter.audience, under)
    title, text, files = said(letter.title, "title"), said(letter.text), _kept(uploads)
    notice = WorkNotice.objects.create(
        division=division, unit_name=by.unit_name[:80], sender_post_id=by.post_id,
        sent_by=by.label[:160], sent_at=now, audience=letter.audience, under_id=under,
        title=title[:120],
        text=text[:4000],
        due_at=deadline(now, days, Unit.WORKING_DAYS, calendar()),
    )  # fmt: skip
    Receipt.objects.bulk_create(Receipt(notice=notice, division_id=key) for key in keys)
    _attach(notice, files)
    note(title=notice.title, audience=notice.audience, receipts=len(keys))
    return notice


def _may_reach(division: Division, audience: str, under: int) -> None:
    if audience not in audiences_of(division.pk):
        message = _("不能发给这一级。")
        raise Refused("audience", message, {"audience": message})
    if audience != Audience.UP and not division.area.holds(under):
        message = _("范围不在本级辖区内。")
        raise Refused("audience", message, {"under": message})


def _recipients(division: int, audience: str, under: int) -> list[int]:
    keys = list(recipients(division, audience, under).values_list("pk", flat=True))
    if not keys:
        message = _("这个范围里没有这一级的区划。")
        raise Refused("nobody", message, {"audience": message})
    return keys


def _kept(uploads: Uploads) -> list[NoticeFile]:
    """The files as they are kept, before anything is written."""
    files = [NoticeFile() for _upload in uploads]
    for file, upload in zip(files, uploads, strict=True):
        file.keep(upload, limits=file_limits())
    return files


def _attach(notice: WorkNotice, files: Sequence[NoticeFile]) -> None:
    for file in files:
        file.notice = notice
        file.save()


def _standing(notice: WorkNotice) -> None:
    if notice.withdrawn_at is not None:
        raise Refused("withdrawn", _("通知已经撤回。"))


@act("liaison.notify")
def attach_file(notice: WorkNotice, *, upload: "UploadedFile[Any] | None", by: Actor) -> WorkNotice:
    """One more photo or PDF for a notice that was sent. Refused: withdrawn, file_missing."""
    lock(notice)
    _standing(notice)
    if upload is None:
        raise Refused("file_missing", _("请附照片或 PDF。"))
    _attach(notice, _kept([upload]))
    return notice


@act("liaison.confirm")
def read_notice(receipt: Receipt, *, by: Actor) -> Receipt:
    """Somebody of the place opened it; the first time counts."""
    lock(receipt)
    if receipt.read_at is None:
        receipt.read_at, receipt.read_by = moment(), by.label[:160]
        receipt.save()
    return receipt


@act("liaison.confirm")
def confirm_notice(receipt: Receipt, *, by: Actor) -> Receipt:
    """The place has taken note and acts by it. Refused: withdrawn, confirmed."""
    lock(receipt)
    _standing(receipt.notice)
    if receipt.confirmed_at is not None:
        raise Refused("confirmed", _("这份通知已经确认过。"))
    now = moment()
    receipt.read_at, receipt.read_by = receipt.read_at or now, receipt.read_by or by.label[:160]
    receipt.confirmed_at, receipt.confirmed_by = now, by.label[:160]
    receipt.save()
    return receipt


@act("liaison.confirm")
def ask_back(receipt: Receipt, *, text: str, by: Actor) -> Receipt:
    """A question upward about the notice; a new one waits for an answer of its own."""
    lock(receipt)
    _standing(receipt.notice)
    note(before=receipt.question, answered=receipt.answer)
    receipt.question, receipt.asked_at = said(text)[:500], moment()
    receipt.answer, receipt.answered_at = "", None
    receipt.save()
    return receipt


@act("liaison.notify")
def answer_question(notice: WorkNotice, *, receipt: int, text: str, by: Actor) -> WorkNotice:
    """Answer what one place asked. Refused: no_question."""
    found = notice.receipts.filter(pk=receipt, asked_at__isnull=False).first()
    if found is None:
        raise Refused("no_question", _("这个回执没有提问。"))
    found.answer, found.answered_at = said(text)[:500], moment()
    found.save()
    note(division=found.division_id)
    return notice


@act("liaison.notify")
def remind_of_notice(notice: WorkNotice, *, by: Actor) -> WorkNotice:
    """Remind every place that has not confirmed. Refused: withdrawn, all_confirmed."""
    lock(notice)
    _standing(notice)
    count = _remind(Q(notice=notice), moment())
    if not count:
        raise Refused("all_confirmed", _("都已确认，不用提醒。"))
    note(reminded=count)
    return notice


def _remind(which: Q, now: datetime) -> int:
    rows = Receipt.objects.filter(which, pk__in=Receipt.objects.waiting().values("pk"))
    return rows.update(reminders=F("reminders") + 1, reminded_at=now)


@act("liaison.keep")
def remind_overdue(city: Division, *, now: datetime, by: Actor) -> Division:
    """Remind, once a day, every place whose time to confirm is over."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    late = Q(pk__in=Receipt.objects.overdue(now).values("pk"))
    count = _remind(late & (Q(reminded_at__isnull=True) | Q(reminded_at__lt=today)), now)
    note(reminded=count)
    return city


@act("liaison.notify")
def withdraw_notice(notice: WorkNotice, *, reason: str, by: Actor) -> WorkNotice:
    """Take a notice back; the receipts stay, nobody has to confirm any more."""
    lock(notice)
    _standing(notice)
    notice.withdrawn_why = said(reason, "reason")[:300]
    notice.withdrawn_at, notice.withdrawn_by = moment(), by.label[:160]
    notice.save()
    return notice


@act("core.scan")
def scan_notice_file(file: NoticeFile, *, by: Actor) -> NoticeFile:
    """Look for viruses in an attachment."""
    found: NoticeFile = scan_file(file, about=file.notice.title, by=by)
    return found
