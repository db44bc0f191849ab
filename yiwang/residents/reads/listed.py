"""What lists that leave the register may show of a person: limits first, children next (EXP-49)."""

from typing import Final

from django.utils.translation import gettext as _

from yiwang.residents.models import Resident, all_fields

from .limits import NOTHING, Limits

_HIDDEN: Final = frozenset({"phone", "school", "school_grade", "wanted_school"})
_YEAR: Final = 4


def listed_value(person: Resident, code: str, masked: str, limits: Limits = NOTHING) -> str:
    """A masked value of a list or file: left out where its use is limited; of a child neither the
    given name, the day of birth, the school, an own telephone nor an address below the community.
    """
    if limits.on(code):
        return _("限制使用")
    if not masked or not person.is_minor:
        return masked
    kind = all_fields()[code].type if code in all_fields() else ""
    if code == "name":
        return person.masked_name
    if code == "born_on":
        return masked[:_YEAR]
    if kind == "address":
        return str(person.division.label)
    return "" if code in _HIDDEN else masked
