"""Children under fourteen: whose lists hide more than those of others (EXP-49, PIPL Article 31)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.residents.models import Dwelling, Resident
from yiwang.residents.reads import Limits, limits_on


def home_of(resident: Resident) -> Dwelling | None:
    """Where somebody is found: the own address, else that of the household."""
    if resident.dwelling is not None:
        return resident.dwelling
    return resident.household.dwelling if resident.household else None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person as a list may show her; of a minor only the surname and the community."""

    resident: Resident
    name: str
    phone: str
    address: str
    minor: bool


def listed(resident: Resident) -> ListedPerson:
    """Masked for lists: adults as everywhere, minors without given name, telephone and house.

    What the person restricted is left out; `with_limits` puts the limits of many at hand.
    """
    limits: Limits = getattr(resident, "limits", None) or limits_on(resident)
    home, minor, out = home_of(resident), resident.is_minor, _("限制使用")
    address = home.masked_address if home else ""
    return ListedPerson(
        resident,
        out if limits.on("name") else resident.masked_name,
        out if limits.on("phone") else resident.masked_phone,
        out if limits.on("home_address") else ("" if minor else address),
        minor=minor,
    )
