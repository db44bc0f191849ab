"""Consents, restrictions and the notice, as other apps ask for them."""

from datetime import date

from yiwang.personal.models import Consent, Notice
from yiwang.residents.models import Resident
from yiwang.residents.reads import limits_on


def notice_in_force(day: date) -> Notice | None:
    """The newest version of the privacy notice that holds on a day."""
    return Notice.objects.in_force(day)


def consents_of(resident: Resident) -> dict[str, Consent]:
    """The agreements that stand, by purpose. Later apps ask before they use what needs one."""
    held = Consent.objects.filter(resident=resident, withdrawn_at__isnull=True)
    return {one.purpose: one for one in held}


def is_restricted(resident: Resident, field: str = "") -> bool:
    """Whether a field, or everything, may at present only be stored and protected (PIPL 47)."""
    return limits_on(resident).on(field) is not None
