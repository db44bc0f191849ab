"""The actor of a resident: reaches herself and whom she acts for, and nothing else."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from yiwang.accounts.actor import Actor
from yiwang.divisions.rules import NOWHERE
from yiwang.residents.models import Resident

RIGHTS: Final = frozenset(
    {
        "personal.own",
        "personal.ask",
        "personal.authorise",
        "personal.consent",
        "assessments.object",
        "matters.apply",
        "matters.withdraw",
        "notifications.choose",
    }
)


@dataclass(frozen=True)
class ResidentActor(Actor):
    """`holder` is signed in; `about` is whose data they are, the same or the one acted for."""

    holder: int = 0
    about: int = 0

    def _reaches(self, subject: Any) -> bool:
        return not self._whose(subject).isdisjoint({self.holder, self.about})

    @staticmethod
    def _whose(subject: Any) -> set[int]:
        if isinstance(subject, Resident):
            return {subject.pk}
        account = getattr(subject, "account", None)
        found = {getattr(account or subject, "resident_id", 0), getattr(subject, "holder_id", 0)}
        return {pk for pk in found if pk}


def label_of(person: Resident) -> str:
    """How the journal names a resident: masked, with the number of the record."""
    return f"{person.masked_name}（居民 {person.pk}）"


def own_actor(holder: Resident, person: Resident | None = None) -> ResidentActor:
    """Who acts when a resident is signed in; the journal's line names both persons."""
    label = label_of(holder)
    if person is not None and person.pk != holder.pk:
        label = f"{label}代{label_of(person)}"
    return ResidentActor(
        user_id=None,
        post_id=None,
        role=None,
        unit_id=None,
        unit_code="",
        unit_name="",
        division_id=settings.CITY,
        name=holder.masked_name,
        label=label,
        rights=RIGHTS,
        enter=NOWHERE,
        see=NOWHERE,
        search=NOWHERE,
        holder=holder.pk,
        about=(person or holder).pk,
    )
