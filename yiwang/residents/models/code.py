"""What a city adds to the lists of codes of the dictionary, and takes out of them (INF-26)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.memory import remember
from yiwang.core.models import Record
from yiwang.residents.rules.dictionary import Choice, Field, shipped_fields

REMEMBERED: Final = "residents.codes"
SECONDS: Final = 60
"""How long another process may still offer the list of before."""


class ListedCode(Record):
    """One code as the city keeps it: added to a list, or one of the shipped codes withdrawn.

    A withdrawn code is offered no longer; what was recorded under it stays readable.
    """

    field = models.CharField(_("信息项"), max_length=40)
    code = models.SlugField(_("编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120)
    basis = models.CharField(_("依据"), max_length=200)
    withdrawn_on = models.DateField(_("停用日期"), null=True, blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("城市代码")
        ordering = ["field", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["field", "code"], name="one_code_once_in_a_list")
        ]

    def __str__(self) -> str:
        return f"{self.field}.{self.code}"


def all_fields() -> Mapping[str, Field]:
    """The dictionary by code with the lists as the city keeps them; at most a minute old."""
    return remember(REMEMBERED, SECONDS, read_fields)


def read_fields() -> Mapping[str, Field]:
    """The same as it stands now, also within an act that has changed it."""
    shipped, kept = shipped_fields(), dict[str, list[ListedCode]]()
    for row in ListedCode.objects.all():
        kept.setdefault(row.field, []).append(row)
    changed = {code: _with(shipped[code], rows) for code, rows in kept.items() if code in shipped}
    return MappingProxyType({**shipped, **changed})


def _with(field: Field, rows: Iterable[ListedCode]) -> Field:
    """The field with the codes of the city behind its own, and without those withdrawn."""
    choices = {choice.code: choice for choice in field.choices}
    withdrawn = []
    for row in rows:
        choice = Choice(row.code, row.name, row.name_en)
        choices[row.code] = choice
        if row.withdrawn_on is not None:
            withdrawn.append(choices.pop(row.code))
    return replace(field, choices=tuple(choices.values()), withdrawn=tuple(withdrawn))
