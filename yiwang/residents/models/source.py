"""Source records: whatever arrives about a person, as it came, for ever (INF-02). Append-only."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self, TypeVar

from django.db import models
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.core import vault
from yiwang.core.acts import moment
from yiwang.core.models import Record
from yiwang.divisions.models.division import Scoped
from yiwang.residents.rules.dictionary import shipped_fields

from .batch import ImportBatch
from .resident import Resident

BIRTH_YEAR: Final = "birth_year"
"""Kept beside the fields of the dictionary while only the year of birth is known."""


class SourceKind(models.TextChoices):
    """Through which door a value came."""

    DEPARTMENT = "department", _("部门共享")
    EARLIER = "earlier", _("以前办事填过")
    VISIT = "visit", _("走访采集")
    WINDOW = "window", _("窗口采集")
    CALL = "call", _("电话采集")
    IMPORT = "import", _("表格导入")
    SYSTEM = "system", _("其他系统")
    RESIDENT = "resident", _("居民自报")


IN_PERSON: Final = frozenset(
    {SourceKind.EARLIER, SourceKind.VISIT, SourceKind.WINDOW, SourceKind.CALL}
)
"""Doors at which someone speaks with the person."""


class Nature(models.TextChoices):
    """What an arrival is: told, confirmed, decided by a person, or taken back."""

    COLLECTED = "collected", _("采集")
    CONFIRMED = "confirmed", _("确认")
    DECIDED = "decided", _("核定")
    UNDONE = "undone", _("撤回")


@dataclass(frozen=True)
class Source:
    """Where values come from: the door, who answers for them, who brought them, when and why.

    `owner` and `owner_code` name the unit that answers for the values; `reference` what they came
    with, as `matter:2026112300001`. Values of a resident's own telling are not yet verified unless
    `verified` says so.
    """

    kind: str
    label: str = ""
    by: str = ""
    on: date | None = None
    batch: ImportBatch | None = None
    owner: int | None = None
    owner_code: str = ""
    user_id: int | None = None
    post_id: int | None = None
    purpose: str = ""
    reference: str = ""
    verified: bool | None = None

    @property
    def day(self) -> date:
        return self.on or timezone.localdate(moment())

    @property
    def verified_on(self) -> date | None:
        checked = self.kind != SourceKind.RESIDENT if self.verified is None else self.verified
        return self.day if checked else None


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(resident__division_id__gte=area.lo, resident__division_id__lte=area.hi)

    def of(self, people: Iterable[Resident | int]) -> Self:
        """All records of some residents, also of those merged into them, in the order they
        arrived, one statement.

        `batch_undone` of each says whether it came with an import that was undone, `person` whose
        it is: the one of `people` whom it was written for or who goes on for her; `place` is the
        community of whom it was written for.
        """
        keys = [one.pk if isinstance(one, Resident) else one for one in people]
        merged = Q(resident__merged_into__in=keys)
        undone = Q(batch__isnull=False) & Q(batch__state=ImportBatch.State.UNDONE)
        flagged = self.annotate(
            batch_undone=ExpressionWrapper(undone, output_field=BooleanField()),
            person=Case(When(merged, then="resident__merged_into_id"), default="resident_id"),
            place=F("resident__division_id"),
        )
        # As one list of keys, so that each half goes along its index.
        both = Resident.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys))
        return flagged.filter(resident__in=both.order_by().values("pk")).order_by("pk")

    def put(
        self,
        resident: Resident,
        values: Mapping[str, str],
        source: Source,
        *,
        nature: str = Nature.COLLECTED,
        about: "SourceRecord | None" = None,
        reason: str = "",
    ) -> "SourceRecord":
        """Keep clean values as one arrival; an empty value means: known to be none."""
        told = self.told(resident, values, source, nature=nature, about=about, reason=reason)
        told.save(force_insert=True)
        return told

    def told(
        self,
        resident: Resident,
        values: Mapping[str, str],
        source: Source,
        *,
        nature: str = Nature.COLLECTED,
        about: "SourceRecord | None" = None,
        reason: str = "",
    ) -> "SourceRecord":
        """The same, not kept: to see what would become of it."""
        arrived = what_arrived(
            values, source, _secret(values), nature=nature, about=about, reason=reason
        )
        return SourceRecord(resident=resident, batch=source.batch, **arrived)


def _secret(values: Mapping[str, str]) -> set[str]:
    fields = shipped_fields()
    return {code for code in values if code in fields and fields[code].sensitive}


def what_arrived(
    values: Mapping[str, str],
    source: Source,
    secret: Collection[str],
    *,
    nature: str,
    about: "Arrival | None",
    reason: str,
) -> dict[str, Any]:
    """The columns of an arrival of these values; those whose codes are `secret` are sealed."""
    # An empty value betrays nothing: known to be none lies open.
    sealed = {code: vault.encrypt(values[code]).hex() for code in secret if values[code]}
    return {
        "nature": nature,
        "source_kind": source.kind,
        "source_label": source.label[:120],
        "owner_id": source.owner,
        "owner_code": source.owner_code[:40],
        "collected_on": source.day,
        "collected_by": source.by[:160],
        "by_user_id": source.user_id,
        "by_post_id": source.post_id,
        "verified_on": source.verified_on,
        "purpose": source.purpose[:200],
        "reference": source.reference[:80],
        "reason": reason[:300],
        "about": about,
        "values_open": {code: text for code, text in values.items() if code not in sealed},
        "sealed": sealed,
    }


class Arrival(Record):
    """One arrival about one record: every value it brought, and all that is known of its coming.

    Values lie by the codes of their dictionary, sensitive ones sealed. What pages show is derived
    from these (rules/deriving.py); nothing here is ever changed. Residents and organisations each
    have a table of their own.
    """

    append_only: ClassVar[bool] = True

    nature = models.CharField(
        _("性质"), max_length=9, choices=Nature.choices, default=Nature.COLLECTED
    )
    source_kind = models.CharField(_("来源"), max_length=10, choices=SourceKind.choices)
    source_label = models.CharField(_("来源说明"), max_length=120, blank=True)
    owner = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("责任单位"),
        db_index=False,
    )
    owner_code = models.CharField(_("责任单位类别"), max_length=40, blank=True)
    collected_on = models.DateField(_("采集日期"), default=timezone.localdate)
    collected_by = models.CharField(_("采集人"), max_length=160)
    by_user_id = models.BigIntegerField(_("人员"), null=True)
    by_post_id = models.BigIntegerField(_("岗位"), null=True)
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    reference = models.CharField(_("关联"), max_length=80, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    about = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("针对的记录"),
        db_index=False,
    )
    values_open = models.JSONField(_("内容"), default=dict)
    sealed = models.JSONField(_("内容（加密）"), default=dict)
    about_id: int | None
    batch_undone: bool = False
    place: int = 0

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_source_kind_display()} {self.collected_on}"

    @property
    def codes(self) -> Iterator[str]:
        """The fields this record speaks of."""
        yield from self.values_open
        yield from self.sealed

    def says(self, code: str) -> str | None:
        """The value it brought for a field; None when it does not speak of it."""
        if code in self.sealed:
            return vault.decrypt(bytes.fromhex(self.sealed[code]))
        found: Any = self.values_open.get(code)
        return None if found is None else str(found)

    @property
    def source_key(self) -> str:
        """Who speaks: a source replaces its own earlier words. The resident; else the unit that
        answers; a door alone where no unit is named."""
        if self.source_kind == SourceKind.RESIDENT:
            return SourceKind.RESIDENT
        if self.owner_id is not None:
            return f"unit:{self.owner_id}"
        return f"{self.source_kind}:{self.owner_code or self.source_label}"

    @property
    def source(self) -> str:
        """The source in words."""
        return self.source_label or str(SourceKind(self.source_kind).label)


class SourceRecord(Arrival):
    """One arrival about one person."""

    resident = models.ForeignKey(
        Resident,
        models.PROTECT,
        related_name="source_records",
        verbose_name=_("居民"),
        db_index=False,
    )
    batch = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        null=True,
        related_name="source_records",
        verbose_name=_("导入批次"),
        db_index=False,
    )

    person: int

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("来源记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["resident", "id"], name="source_record_person"),
            models.Index(
                fields=["batch"], condition=Q(batch__isnull=False), name="source_record_batch"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="what_is_taken_back_is_named",
                condition=~Q(nature=Nature.UNDONE) | Q(about__isnull=False),
            ),
            models.CheckConstraint(
                name="a_decision_says_why", condition=~Q(nature=Nature.DECIDED) | ~Q(reason="")
            ),
        ]

    @property
    def division_id(self) -> int:
        return self.resident.division_id


Counted = TypeVar("Counted", bound=Arrival)


def standing_records(records: Iterable[Counted]) -> list[Counted]:
    """Those that count: neither taken back nor of an import that was undone."""
    kept = [one for one in records if not one.batch_undone]
    gone = {one.about_id for one in kept if one.nature == Nature.UNDONE}
    return [one for one in kept if one.nature != Nature.UNDONE and one.pk not in gone]
