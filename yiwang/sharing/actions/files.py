"""Files for the holder: ordered once or every so many days, made by a job, kept sealed (INF-11)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.wording import said as gettext
from yiwang.core.vault import seal_bytes
from yiwang.sharing.models import Agreement, Reading, SharedFile
from yiwang.sharing.reads import persons_of
from yiwang.sharing.reads.inside import file_lines
from yiwang.sharing.rules.written import written

from .reading import give, must_be_readable, on_record, tell_refused

State, Kind = SharedFile.State, SharedFile.Kind


@on_record
@act("sharing.read")
def order_file(agreement: Agreement, *, kind: str, by: Actor) -> SharedFile:
    """A file of everybody inside the agreement; a job makes it. Raises Refused: invalid, waiting,
    and as reading does.
    """
    must_be_readable(agreement, by)
    _must_be_kind(kind)
    lock(agreement)
    if agreement.files.filter(state=State.WAITING).exists():
        raise Refused("waiting", _("上一份还在生成，请稍候。"))
    return _ordered(agreement, kind, by)


def _ordered(agreement: Agreement, kind: str, by: Actor) -> SharedFile:
    file = SharedFile.objects.create(
        agreement=agreement, kind=kind, ordered_by=by.label[:160], post_id=by.post_id
    )
    app.configure_task("sharing.make_file").defer(file=file.pk)
    note(agreement=agreement.pk, kind=kind)
    return file


@on_record
@act("sharing.read")
def schedule_files(agreement: Agreement, *, kind: str, days: int, by: Actor) -> Agreement:
    """A file every so many days from today on; 0 days ends that. Raises Refused: invalid, and as
    reading does.
    """
    must_be_readable(agreement, by)
    lock(agreement)
    _must_be_kind(kind)
    if not 0 <= days <= int(parameter("sharing.max_days")):
        sentence = _("天数不对。")
        raise Refused("invalid", sentence, {"days": sentence})
    agreement.file_kind, agreement.file_days = (kind, days) if days else ("", 0)
    agreement.next_file_on = timezone.localdate(moment()) if days else None
    agreement.file_post_id = by.post_id if days else None
    agreement.save()
    note(kind=kind, days=days)
    return agreement


@act("sharing.read")
def make_file(file: SharedFile, *, by: Actor) -> SharedFile:
    """Write a file that waits; what its agreement no longer allows becomes a failed one."""
    lock(file)
    if file.state != State.WAITING:
        return file
    agreement = file.agreement
    try:
        must_be_readable(agreement, by)
        people = persons_of(agreement, by, timezone.localdate(moment()))
        most = int(parameter("sharing.file_rows"))
        found = list(people.select_related("division", "dwelling").order_by("pk")[: most + 1])
        if len(found) > most:
            raise Refused(
                "too_many", gettext("超过 %(most)s 人，请缩小范围或用接口。") % {"most": most}
            )
    except Refused as refusal:
        tell_refused(file, refusal, by, did="make_file")
        file.state, file.problem = State.FAILED, refusal.message
    else:
        rows = give(agreement, found, Reading.Kind.FILE, by)
        body = written(file.kind, agreement.title, file.ordered_by, *file_lines(agreement, rows))
        file.state, file.rows, file.sealed = State.READY, len(rows), seal_bytes(body)
    file.made_at = moment()
    file.save()
    return file


@on_record
@act("sharing.read")
def open_file(file: SharedFile, *, by: Actor) -> SharedFile:
    """The holder takes a file while the agreement is in force. Raises Refused: not_ready, and as
    reading does.
    """
    must_be_readable(file.agreement, by)
    if file.state != State.READY:
        raise Refused(
            "not_ready", _("文件不能下载：%(state)s。") % {"state": file.get_state_display()}
        )
    note(agreement=file.agreement_id, rows=file.rows)
    return file


@act("sharing.read")
def forget_file(file: SharedFile, *, by: Actor) -> SharedFile:
    """Take the body of an old file away; who got it, and when, stays on record."""
    lock(file)
    file.state, file.sealed = State.GONE, None
    file.save()
    return file


@act("sharing.read")
def next_file(agreement: Agreement, *, by: Actor) -> SharedFile:
    """The scheduled file of today is ordered, and the day of the next one set."""
    lock(agreement)
    today = timezone.localdate(moment())
    agreement.next_file_on = today + timedelta(days=max(1, agreement.file_days))
    agreement.save()
    return _ordered(agreement, agreement.file_kind, by)


def _must_be_kind(kind: str) -> None:
    if kind not in Kind.values:
        sentence = _("请选文件格式。")
        raise Refused("invalid", sentence, {"kind": sentence})
