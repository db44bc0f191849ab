"""Which documents the net already holds, so that nobody brings them again (INF-04, SVC-06)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.reads import parameter
from yiwang.core.rules.files import file_type
from yiwang.matters.rules.guide import Guide, MaterialNeed
from yiwang.residents.models import Document, Resident
from yiwang.residents.reads import Known, OnFile, documents_on_file
from yiwang.residents.rules.documents import document_kinds

# A licence stands in the register as the field it proves.
PROVEN_BY = {
    "identity_card": "identity_number",
    "household_book": "domicile_address",
    "bank_card": "bank_account",
}


@dataclass
class PaperLine:
    """One document of an item: why it is waived, what is on file of it, or what was handed in.

    `anew`: the one on file is not to be used. `keeping`: what was said for putting the new one on
    file (issuer, valid_from, valid_to, agreed).
    """

    need: MaterialNeed
    on: date
    waived: str = ""
    ticked: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)
    held: OnFile = field(default_factory=OnFile)
    anew: bool = False
    agreed: bool = False
    keeping: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def documents(self) -> list[Document]:
        """What is attached from the person's file without asking for it again."""
        if self.waived or self.anew:
            return []
        return self.held.usable or (self.held.unasked if self.agreed else [])

    @property
    def reused(self) -> bool:
        return bool(self.waived or self.documents)

    @property
    def settled(self) -> bool:
        return bool(self.reused or self.ticked or self.files)

    @property
    def may_keep(self) -> bool:
        """Whether it is of a kind that goes into the person's file."""
        return self.need.code in document_kinds()

    @property
    def expires(self) -> bool:
        return self.may_keep and document_kinds()[self.need.code].expires

    @property
    def why_anew(self) -> str:
        """Why one that is on file is asked for again."""
        one = self.held.expired
        if self.reused or one is None:
            return ""
        return _("档案里的一份已于 %(day)s 到期，请交新的。") % {"day": one.valid_to}


def paper_lines(
    guide: Guide, resident: Resident, held: Mapping[str, Known], typed: Mapping[str, Any]
) -> list[PaperLine]:
    """Every document of a guide with its state for this person."""
    today = timezone.localdate()
    kinds = [need.code for need in guide.materials if need.code in document_kinds()]
    on_file = documents_on_file(resident, kinds, today)
    return [
        PaperLine(
            need,
            today,
            waived=_why_waived(need, held),
            ticked=need.code in typed.get("ticked", []),
            files=[one for one in typed.get("uploads", []) if one["code"] == need.code],
            held=on_file.get(need.code) or OnFile(),
            anew=need.code in typed.get("anew", []),
            agreed=need.code in typed.get("agreed", []),
            keeping=typed.get("keeping", {}).get(need.code, {}),
        )
        for need in guide.materials
    ]


def _why_waived(need: MaterialNeed, held: Mapping[str, Known]) -> str:
    if not need.held_as:
        return ""
    proven = held.get(PROVEN_BY.get(need.held_as, ""))
    return _("电子证照已共享") if proven is not None and proven.fresh else ""


def fault_of_upload(upload: "UploadedFile[Any]", already: int) -> str:
    """Why a file is not taken: its size, what it really is, or too many of them."""
    most, files = (
        int(parameter("matters.attachment_megabytes")),
        int(parameter("matters.attachments")),
    )
    words = {"name": upload.name, "most": most, "files": files}
    if already >= files:
        return _("一件事最多 %(files)s 个文件。") % words
    if (upload.size or 0) > most * 2**20:
        return _("“%(name)s”超过 %(most)s MB，请压缩后再传。") % words
    if not upload.size:
        return _("“%(name)s”是空文件，请重新选择。") % words
    kind = file_type(upload.read(64))
    upload.seek(0)
    if kind is None:
        return _("“%(name)s”不是照片或 PDF，请重新拍照或导出后再传。") % words
    return ""
