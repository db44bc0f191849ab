"""A resident of a community: whoever lives there, registered or not (DIV-08)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.core.reads import parameter
from yiwang.core.rules import chinese, masking
from yiwang.core.vault import keyed_hash
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped

from .batch import ImportBatch
from .household import Dwelling, Household

TAIL = 4
"""Digits of a number people say at the counter or on the telephone."""


class Sex(models.TextChoices):
    FEMALE = "female", _("女")
    MALE = "male", _("男")


class Standing(models.TextChoices):
    """How a person belongs to the community (居住状态)."""

    REGISTERED = "registered", _("户籍在本地")
    NON_REGISTERED = "non_registered", _("户籍在外地，常住")
    MIGRANT = "migrant", _("流动人口")
    FOREIGNER = "foreigner", _("境外人员")
    AWAY = "away", _("户籍在本地，外出")


class LifeState(models.TextChoices):
    """Where a record stands; `withdrawn` is a row of an import that was undone, `merged` a
    second record of somebody whose first one goes on."""

    LIVE = "live", _("在册")
    MOVED_OUT = "moved_out", _("已迁出")
    DECEASED = "deceased", _("已去世")
    WITHDRAWN = "withdrawn", _("导入已撤销")
    MERGED = "merged", _("已并入另一份档案")


class Relation(models.TextChoices):
    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDPARENT = "grandparent", _("祖父母、外祖父母")
    GRANDCHILD = "grandchild", _("孙子女、外孙子女")
    SIBLING = "sibling", _("兄弟姐妹")
    IN_LAW = "in_law", _("女婿、儿媳")
    OTHER = "other", _("其他")


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def searchable_by(self, actor: Any) -> Self:
        """Where the actor may search; what is found outside `visible_to` is shown masked only."""
        area = actor.search
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def live(self) -> Self:
        return self.filter(state=LifeState.LIVE)

    def due(self, on: date) -> Self:
        """Live records of which something is past its time on a day."""
        return self.live().filter(fresh_until__lt=on)

    def in_dispute(self) -> Self:
        """Live records of which sources differ and no rule decides."""
        return self.live().exclude(disputed=[])

    def not_withdrawn(self) -> Self:
        return self.exclude(state=LifeState.WITHDRAWN)


class Resident(Record):
    """One person of a city, in one community at a time.

    Identity number and telephone lie encrypted; the hashes beside them are for look-up only.
    Name, sex, birth, number, telephone and dwelling are derived from the source records.
    """

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="residents", verbose_name=_("社区"), db_index=False
    )
    # Plain byte order: one index serves equality, prefixes and the order of lists.
    name = models.CharField(_("姓名"), max_length=100, db_collation="C")
    name_pinyin = models.CharField(_("拼音"), max_length=300, blank=True, db_collation="C")
    name_initials = models.CharField(_("拼音首字母"), max_length=100, blank=True, db_collation="C")
    name_tokens = ArrayField(models.TextField(), default=list, blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("出生年份"), null=True, blank=True)
    identity = EncryptedTextField(_("公民身份号码"), null=True, blank=True)
    identity_hash = models.BinaryField(max_length=16, null=True, editable=False)
    identity_tail = models.BinaryField(max_length=16, null=True, editable=False)
    phone = EncryptedTextField(_("联系电话"), null=True, blank=True)
    phone_hash = models.BinaryField(max_length=16, null=True, editable=False)
    phone_tail = models.BinaryField(max_length=16, null=True, editable=False)
    standing = models.CharField(
        _("居住状态"), max_length=14, choices=Standing.choices, default=Standing.REGISTERED
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("家庭"),
    )
    relation = models.CharField(
        _("与户主关系"), max_length=11, choices=Relation.choices, blank=True
    )
    dwelling = models.ForeignKey(
        Dwelling,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("现住址"),
    )
    state = models.CharField(
        _("在册状态"), max_length=9, choices=LifeState.choices, default=LifeState.LIVE
    )
    state_on = models.DateField(_("状态日期"), null=True, blank=True)
    fresh_until = models.DateField(_("信息有效至"), null=True, blank=True)
    disputed = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("来源不一致的信息项"),
        default=list,
        blank=True,
        editable=False,
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_records",
        verbose_name=_("并入的档案"),
        db_index=False,
    )
    batch = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("导入批次"),
    )

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            models.Index(fields=["division", "name_pinyin", "id"], name="resident_list"),
            models.Index(fields=["name", "born_on"], name="resident_name"),
            models.Index(fields=["name_pinyin", "division"], name="resident_pinyin"),
            models.Index(fields=["name_initials", "division"], name="resident_initials"),
            models.Index(fields=["phone_hash", "division"], name="resident_phone"),
            models.Index(fields=["phone_tail", "division"], name="resident_phone_tail"),
            models.Index(fields=["identity_tail", "division"], name="resident_identity_tail"),
            GinIndex(fields=["name_tokens"], name="resident_name_tokens"),
            models.Index(
                fields=["division", "fresh_until"],
                condition=Q(state=LifeState.LIVE),
                name="resident_due",
            ),
            models.Index(
                fields=["division", "name_pinyin", "id"],
                condition=Q(state=LifeState.LIVE) & ~Q(disputed=[]),
                name="resident_disputed",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="resident_merged_into",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_hash"],
                # Also who moved away or died keeps the one record; it lives again on return.
                condition=Q(
                    state__in=[LifeState.LIVE, LifeState.MOVED_OUT, LifeState.DECEASED],
                    identity_hash__isnull=False,
                ),
                name="one_record_a_person_a_city",
            ),
            models.CheckConstraint(
                name="who_left_has_a_date",
                condition=Q(state=LifeState.LIVE) | Q(state_on__isnull=False),
            ),
            models.CheckConstraint(
                name="merged_record_names_its_heir",
                condition=Q(state=LifeState.MERGED, merged_into__isnull=False)
                | (~Q(state=LifeState.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="birth_year_is_of_the_birth_date",
                condition=Q(born_on__isnull=True) | Q(birth_year=models.F("born_on__year")),
            ),
        ]

    def __str__(self) -> str:
        return self.masked_name

    def get_absolute_url(self) -> str:
        return reverse("residents:detail", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> ResidentQuerySet:
        """Who lives there now goes to the successor of the division, and what was merged into a
        record goes along; ended records stay."""
        return cls.objects.filter(state__in=[LifeState.LIVE, LifeState.MERGED])

    def put_name(self, name: str) -> None:
        """Name and everything it is found by."""
        self.name = name
        self.name_pinyin = chinese.pinyin(name)[:300]
        self.name_initials = chinese.initials(name)[:100]
        self.name_tokens = chinese.bigrams(name)

    def put_identity(self, number: str) -> None:
        """A checked number (or none), and the hashes it is found by."""
        self.identity = number or None
        self.identity_hash = keyed_hash("identity", number) if number else None
        self.identity_tail = keyed_hash("identity_tail", number[-TAIL:]) if number else None

    def put_phone(self, number: str) -> None:
        """A normalised number (or none), and the hashes it is found by."""
        self.phone = number or None
        self.phone_hash = keyed_hash("phone", number) if number else None
        self.phone_tail = keyed_hash("phone_tail", number[-TAIL:]) if number else None

    def put_birth(self, born_on: date | None, year: int | None = None) -> None:
        self.born_on, self.birth_year = born_on, born_on.year if born_on else year

    def put(self, code: str, value: str) -> None:
        """A clean value of a core field into its column; other fields are facts alone."""
        if code == "name":
            self.put_name(value)
        elif code == "sex":
            self.sex = value
        elif code == "born_on":
            self.put_birth(date.fromisoformat(value) if value else None)
        elif code == "identity_number":
            self.put_identity(value)
        elif code == "phone":
            self.put_phone(value)
        elif code == "home_address":
            self.dwelling = Dwelling.at(self.division_id, value) if value else None

    def records(self) -> ResidentQuerySet:
        """This record and those merged into it: append-only tables keep naming the old ones."""
        return Resident.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    def life(self) -> "models.QuerySet[StatusChange]":
        """What happened to the person, in this record and in those merged into it."""
        return StatusChange.objects.filter(resident__in=self.records())

    @property
    def is_minor(self) -> bool:
        """Whether the law protects her specially today."""
        return self.is_minor_on(timezone.localdate())

    def is_minor_on(self, day: date) -> bool:
        """Younger than the parameter `residents.minor_age`, in full years (PIPL 31); who has no
        age on file is not."""
        age = self.age(day)
        return age is not None and age < int(parameter("residents.minor_age", on=day))

    @property
    def masked_name(self) -> str:
        """As lists show it; of a child the surname alone (EXP-49)."""
        hide = masking.mask_young_name if self.is_minor else masking.mask_name
        return hide(self.name)

    @property
    def masked_identity(self) -> str:
        return masking.mask_identity(self.identity) if self.identity else ""

    @property
    def masked_phone(self) -> str:
        return masking.mask_phone(self.phone) if self.phone and not self.is_minor else ""

    @property
    def masked_address(self) -> str:
        """Road and building; of a child nothing below the community (EXP-49)."""
        return self.dwelling.masked_address if self.dwelling and not self.is_minor else ""

    @property
    def is_live(self) -> bool:
        return self.state == LifeState.LIVE

    def age(self, on: date | None = None) -> int | None:
        """Full years on a day; from the year of birth alone when the day is not known."""
        day = on or timezone.localdate()
        if self.born_on:
            had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
            return day.year - self.born_on.year - (not had_birthday)
        return day.year - self.birth_year if self.birth_year else None

    def phone_last4_matches(self, text: str) -> bool:
        """Whether someone named the last four digits of the telephone; full-width ones count."""
        digits = chinese.clean_digits(text)
        held = self.phone_tail
        if len(digits) != TAIL or held is None:
            return False
        return bytes(held) == keyed_hash("phone_tail", digits)


class StatusChange(Record):
    """How a record came, went and ended: the history that moves and deaths leave (DIV-08)."""

    class Kind(models.TextChoices):
        ENTERED = "entered", _("登记")
        MOVED_IN = "moved_in", _("迁入")
        MOVED_WITHIN = "moved_within", _("市内迁移")
        MOVED_OUT = "moved_out", _("迁出")
        DECEASED = "deceased", _("去世")
        BORN = "born", _("出生")
        RETURNED = "returned", _("迁回")
        AWAY = "away", _("外出")
        BACK = "back", _("返回")

    append_only = True

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="history")
    kind = models.CharField(_("变动"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("日期"))
    from_division = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="departures"
    )
    to_division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="arrivals")
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("居民变动")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    @property
    def division_id(self) -> int | None:
        return self.to_division_id or self.from_division_id
