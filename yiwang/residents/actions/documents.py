"""Documents into a person's file, out of it, and used again with her consent (SVC-06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.reads import file_limits, parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.core.scanner import scan_soon
from yiwang.residents.models import Document, DocumentUse, Resident
from yiwang.residents.rules.documents import document_kinds

from .persons import must_be_live


@dataclass(frozen=True)
class Filing:
    """What is said of a document when it is put on file; `agreed_how` empty: not agreed to."""

    kind: str
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    agreed_how: str = ""
    reference: str = ""
    label: str = ""


@act("residents.document")
def file_document(
    resident: Resident, *, filing: Filing, uploads: Sequence[Any], by: Actor
) -> Document:
    """Put the pictures of one document on file; what was on file of this kind is replaced.

    Gives the last picture's record. Raises Refused: not_live, no_kind, no_file, invalid and what a
    file is refused for.
    """
    lock(resident)
    must_be_live(resident)
    _must_be_sound(filing, uploads)
    today = timezone.localdate(moment())
    earlier = list(Document.objects.on_file().filter(resident=resident, kind=filing.kind))
    filed = [_filed(resident, filing, one, today, by) for one in uploads]
    Document.objects.filter(pk__in=[one.pk for one in earlier]).update(
        ended_on=today, ended_why=_("换成新的一份")
    )
    note(document=filed[-1].pk, kind=filing.kind, replaced=[one.pk for one in earlier])
    return filed[-1]


def _must_be_sound(filing: Filing, uploads: Sequence[Any]) -> None:
    kind = document_kinds().get(filing.kind)
    if kind is None:
        sentence = _("请选择材料种类。")
        raise Refused("no_kind", sentence, {"kind": sentence})
    if not uploads:
        sentence = _("请选择要存入的照片或 PDF。")
        raise Refused("no_file", sentence, {"file": sentence})
    if filing.valid_from and filing.valid_to and filing.valid_to < filing.valid_from:
        sentence = _("有效期的止日早于起日。")
        raise Refused("invalid", sentence, {"valid_to": sentence})
    if kind.expires and filing.agreed_how and filing.valid_to is None:
        sentence = _("“%(kind)s”有有效期，请照证件填写“有效期至”。") % {"kind": kind.label}
        raise Refused("invalid", sentence, {"valid_to": sentence})


def _filed(resident: Resident, filing: Filing, upload: Any, today: date, by: Actor) -> Document:
    made = Document(
        resident=resident,
        kind=filing.kind,
        issuer=clean_text(filing.issuer)[:120],
        valid_from=filing.valid_from,
        valid_to=filing.valid_to,
        reference=filing.reference[:80],
        label=filing.label[:200],
        filed_on=today,
        by_label=by.label[:160],
    )
    if filing.agreed_how:
        made.agreed_at, made.agreed_how = moment(), Document.How(filing.agreed_how)
    made.keep(upload, limits=file_limits())
    made.save()
    scan_soon(made, looked_at)
    return made


@act("residents.document")
def end_document(document: Document, *, reason: str, by: Actor) -> Document:
    """Take a document off the file: wrong, lost, withdrawn by who issued it. It stays readable.

    Raises Refused: ended, reason_needed.
    """
    lock(document)
    if document.ended_on is not None:
        raise Refused("ended", _("这份材料已经移出。"))
    words = clean_text(reason)[:200]
    if not words:
        sentence = _("请写明移出的原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    document.ended_on, document.ended_why = timezone.localdate(moment()), words
    document.save()
    note(resident=document.resident_id, kind=document.kind)
    return document


@act("residents.document")
def set_document_consent(document: Document, *, agreed: bool, how: str, by: Actor) -> Document:
    """The person agrees that a document is used again in later matters, or takes that back.

    Saying it twice is saying it once. Raises Refused: ended, invalid.
    """
    lock(document)
    if document.ended_on is not None:
        raise Refused("ended", _("这份材料已经移出。"))
    if agreed == document.agreed:
        return document
    if agreed and document.kind_of.expires and document.valid_to is None:
        sentence = _("这份材料没有填写“有效期至”，不能重复使用；请重新存一份。")
        raise Refused("invalid", sentence)
    if agreed:
        document.agreed_at, document.agreed_how = moment(), Document.How(how)
        document.withdrawn_at = None
    else:
        document.withdrawn_at = moment()
    document.save()
    note(resident=document.resident_id, kind=document.kind, agreed=agreed, how=how)
    return document


@act("core.scan")
def scan_document(document: Document, *, by: Actor) -> Document:
    """Look for viruses; one that has any leaves the file. Raises ScannerDown."""
    found: Document = scan_file(document, about=document.name, by=by)
    if found.scan == Scan.INFECTED and found.ended_on is None:
        found.ended_on, found.ended_why = timezone.localdate(moment()), _("文件里有病毒，已隔离")
        found.save()
    return found


def looked_at(document: Document) -> Document:
    """The same by the system itself, as the job and the end of an upload do it."""
    return scan_document(document, by=Actor.system().within_act("core.scan"))


@act("residents.use_document")
def use_documents(
    resident: Resident, *, documents: Sequence[Document], reference: str, label: str, by: Actor
) -> Resident:
    """Documents of the file are used for a matter: written beside each, and told to the person.

    Raises Refused not_usable.
    """
    today = timezone.localdate(moment())
    for one in documents:
        if one.resident_id != resident.pk or not one.is_usable(today):
            raise Refused(
                "not_usable",
                _("档案里的“%(name)s”不能使用：已过期、已移出，或本人没有同意。")
                % {"name": one.name},
            )
    DocumentUse.objects.bulk_create(
        DocumentUse(
            document=one, reference=reference, label=label[:200], used_on=today,
            by_label=by.label[:160],
        )
        for one in documents
    )  # fmt: skip
    note(
        documents=[one.pk for one in documents], kinds=sorted({one.kind for one in documents}),
        reference=reference, purpose=label,
    )  # fmt: skip
    return resident


@act("residents.reveal")
def open_document(resident: Resident, *, document: int, reason: str, by: Actor) -> Resident:
    """Look at a document itself; the journal keeps who looked, at what and why, and the person
    reads it. Raises Refused: reason_needed, nothing_held.
    """
    shortest = int(parameter("residents.reveal_reason_length"))
    if len(reason.strip()) < shortest:
        sentence = _("请写明查看的原因，至少 %(shortest)s 个字。") % {"shortest": shortest}
        raise Refused("reason_needed", sentence, {"reason": sentence})
    held = Document.objects.filter(resident=resident, pk=document).exclude(file="").first()
    if held is None:
        raise Refused("nothing_held", _("这份材料没有文件。"))
    note(document=held.pk, kinds=[held.kind])
    return resident
