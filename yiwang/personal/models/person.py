"""Rows that speak of one resident: seen by whoever sees the resident's community."""

from typing import Self, TypeVar

from django.db import models

from yiwang.core.models import Record
from yiwang.divisions.models.division import Scoped
from yiwang.residents.models import Resident

M = TypeVar("M", bound=models.Model)


class OfResidentQuerySet(models.QuerySet[M]):
    """The community is the resident's own of today, so that a move takes everything along."""

    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(resident__division_id__gte=area.lo, resident__division_id__lte=area.hi)

    def for_holder(self, resident: Resident) -> Self:
        """Rows of one person, for the person herself and for who acts for her."""
        return self.filter(resident=resident)


class OfResident(Record):
    """A record about one resident."""

    class Meta:
        abstract = True

    @property
    def division_id(self) -> int:
        resident: Resident = self.resident  # type: ignore[attr-defined]
        return resident.division_id
