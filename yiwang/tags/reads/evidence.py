"""Evidence the register holds already, so that nobody is asked for it again (collect once)."""

from datetime import date

from yiwang.residents.models import Resident
from yiwang.residents.reads import Known, known_fields
from yiwang.tags.models import TagKind


def held_evidence(resident: Resident, kind: TagKind, on: date) -> Known | None:
    """What the register holds, fresh, of the field a kind asks as evidence; else None."""
    field = kind.evidence_field
    found = known_fields(resident, [field.code], on) if field else {}
    return next((one for one in found.values() if one.fresh), None)
