"""Documents of a matter: as handed in, taken from the person's file, put on it (SVC-06)."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import file_limits
from yiwang.core.rules.wording import listed
from yiwang.core.scanner import scan_soon
from yiwang.matters.models import Material, Matter
from yiwang.matters.reads import Planned
from yiwang.matters.rules.guide import MaterialNeed
from yiwang.residents.actions import Filing, file_document, use_documents
from yiwang.residents.models import Document, Resident
from yiwang.residents.reads import documents_on_file
from yiwang.residents.rules.documents import document_kinds

from .scanning import looked_at


@dataclass(frozen=True)
class HandedIn:
    """One document as it was handed in; `upload` is an uploaded file, kept by digest.

    `filing`: it also goes into the person's file, for later matters (SVC-06). `origin`: moment
    and place of a photo are kept (EXP-27).
    """

    code: str
    state: str = Material.State.GIVEN
    upload: Any = None
    origin: bool = False
    filing: Filing | None = None


def from_file(
    plan: Planned, resident: Resident, given: AbstractSet[str], unwanted: Sequence[str]
) -> dict[str, list[Document]]:
    """What is attached without asking: on file, agreed to, and valid today; by document code.

    Raises Refused materials_missing when something required is neither given nor on file.
    """
    codes = [
        need.code
        for need in plan.guide.materials
        if need.code in document_kinds() and need.code not in {*given, *unwanted}
    ]
    today = timezone.localdate(moment())
    found = documents_on_file(resident, codes, today) if codes else {}
    held = {code: one.usable for code, one in found.items() if one.usable}
    _must_be_complete(plan, {*given, *held})
    return held


def _must_be_complete(plan: Planned, given: AbstractSet[str]) -> None:
    missing = [
        need.name for need in plan.guide.materials if need.required and need.code not in given
    ]
    if missing:
        names = listed(missing)
        raise Refused("materials_missing", _("还缺材料：%(names)s。") % {"names": names})


def material_rows(
    matter: Matter,
    plan: Planned,
    materials: Sequence[HandedIn],
    held: Mapping[str, Sequence[Document]],
) -> list[Material]:
    """The rows of what was handed in and of what comes from the file."""
    needs = {need.code: need for need in plan.guide.materials}
    rows = []
    for one in materials:
        row = _material(matter, one.code, needs.get(one.code), one.state)
        if one.upload is not None:
            row.keep(one.upload, limits=file_limits(), origin=one.origin)
            scan_soon(row, looked_at)
        rows.append(row)
    for code, documents in held.items():
        for document in documents:
            row = _material(matter, code, needs[code], Material.State.GIVEN)
            row.document = document
            row.copy_of(document)
            rows.append(row)
    return rows


def _material(matter: Matter, code: str, need: MaterialNeed | None, state: str) -> Material:
    return Material(
        matter=matter,
        code=code,
        name=need.name if need else code,
        state=state,
        held_as=(need.held_as if need else "") or "",
    )


def reused(plan: Planned, rows: Sequence[Material]) -> int:
    """How many of the documents the item needs nobody had to bring again."""
    kept = {row.code for row in rows if row.document_id or row.state == Material.State.WAIVED}
    return sum(need.code in kept for need in plan.guide.materials)


def file_away(
    matter: Matter,
    plan: Planned,
    materials: Sequence[HandedIn],
    held: Mapping[str, Sequence[Document]],
    by: Actor,
) -> None:
    """What was handed in goes on file for later matters; what was taken from there is told."""
    reference, label = f"matter:{matter.number}", plan.item.title
    new: dict[str, tuple[Filing, list[Any]]] = {}
    for one in materials:
        if one.filing is not None and one.upload is not None and one.code in document_kinds():
            one.upload.seek(0)
            new.setdefault(one.code, (one.filing, []))[1].append(one.upload)
    for filing, uploads in new.values():
        file_document(
            matter.resident, filing=replace(filing, reference=reference, label=label),
            uploads=uploads, by=by.within_act("residents.document"),
        )  # fmt: skip
    used = [one for documents in held.values() for one in documents]
    if used:
        use_documents(
            matter.resident, documents=used, reference=reference, label=label,
            by=by.within_act("residents.use_document"),
        )  # fmt: skip
        note(from_file=sorted(held))
