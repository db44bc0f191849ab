"""The documents of a draft, the same at the counter and online: uploads, checks, what is handed in."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from yiwang.matters.actions.drafts import drop_files
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.actions.scanning import is_infected
from yiwang.matters.models import Draft, Material
from yiwang.matters.reads.bundle import plan_of
from yiwang.matters.reads.papers import PaperLine, fault_of_upload
from yiwang.residents.actions import Filing
from yiwang.residents.models import Document


def take_uploads(
    draft: Draft, dropped: str, files: Any
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The files a draft keeps from now on, and by document why one was not taken.

    `dropped` is the path of one that is not wanted any more.
    """
    faults: dict[str, str] = {}
    uploads = list(draft.typed.get("uploads", []))
    drop_files([one["path"] for one in uploads if one["path"] == dropped])
    uploads = [one for one in uploads if one["path"] != dropped]
    for need in plan_of(draft).guide.materials:
        for upload in files.getlist(f"file-{need.code}"):
            fault = fault_of_upload(upload, len(uploads)) or _fault_of_virus(draft, upload)
            if fault:
                faults[need.code] = fault
            else:
                uploads.append(_stored(draft, need.code, upload))
    return uploads, faults


def _fault_of_virus(draft: Draft, upload: "UploadedFile[Any]") -> str:
    body = upload.read()
    upload.seek(0)
    if not is_infected(draft, str(upload.name), body):
        return ""
    words = {"name": upload.name}
    return _("“%(name)s”带有病毒，没有收下；请换一台设备重新拍照或导出。") % words


def _stored(draft: Draft, code: str, upload: "UploadedFile[Any]") -> dict[str, Any]:
    path = default_storage.save(f"drafts/{draft.pk}/{uuid4().hex}", upload)
    return {"code": code, "name": str(upload.name)[-120:], "path": path, "size": upload.size}


def filing_of(line: PaperLine) -> Filing:
    """How a document goes into the person's file. Raises ValueError for a date that is none."""
    said = line.keeping
    first, last = (
        date.fromisoformat(said[one]) if said.get(one) else None
        for one in ("valid_from", "valid_to")
    )
    issuer = said.get("issuer", "")[:120]
    return Filing(line.need.code, issuer, first, last, Document.How.COUNTER)


def papers_of(lines: Iterable[PaperLine], *, origin: bool = False) -> Iterable[HandedIn]:
    """What is handed in: waived by what is held, uploaded, or seen on paper."""
    for line in lines:
        if line.waived:
            yield HandedIn(line.need.code, Material.State.WAIVED)
        filing = filing_of(line) if line.keeping.get("agreed") and line.may_keep else None
        for kept in line.files:
            with default_storage.open(kept["path"]) as file:
                upload = SimpleUploadedFile(kept["name"], file.read())
            yield HandedIn(line.need.code, upload=upload, filing=filing, origin=origin)
        if line.ticked and not line.files and not line.reused:
            yield HandedIn(line.need.code)
