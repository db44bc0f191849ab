"""An organisation of a community: whoever is there or serves there, entered once (DIV-11, DIV-12)."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.core.rules import chinese, masking
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import range_of
from yiwang.organizations.rules.distance import Point
from yiwang.organizations.rules.fields import YES
from yiwang.organizations.rules.kinds import label_of, legal_forms
from yiwang.organizations.rules.states import LIVE, LifeState

from .batch import Batch


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def under(self, key: int) -> Self:
        area = range_of(key)
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def kept(self) -> Self:
        """All that stand for something: neither taken back nor merged into another."""
        return self.exclude(state__in=[LifeState.WITHDRAWN, LifeState.MERGED])

    def located(self) -> Self:
        """Units located in the community (驻社区单位)."""
        return self.filter(located=True)

    def due(self, today: date, days: int) -> Self:
        """Live located units that nobody has looked at for so many days (DIV-11: yearly)."""
        return self.live().located().filter(reviewed_on__lt=today - timedelta(days=days))

    def in_dispute(self) -> Self:
        return self.live().exclude(disputed=[])


class Organization(Record):
    """Columns from `name` to `reviewed_on` are derived from the source records and nothing else."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="organizations", verbose_name=_("区划"),
        db_index=False,
    )  # fmt: skip
    name = models.CharField(_("名称"), max_length=120, db_collation="C")
    name_pinyin = models.CharField(_("拼音"), max_length=400, blank=True, db_collation="C")
    name_initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_collation="C")
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    legal_form = models.CharField(_("类型"), max_length=20, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact_name = EncryptedTextField(_("联系人"), null=True, blank=True)
    contact_phone = EncryptedTextField(_("联系电话"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    located = models.BooleanField(_("驻社区单位"), default=False)
    disputed = ArrayField(
        models.CharField(max_length=40), verbose_name=_("来源不一致的信息项"), default=list,
        blank=True, editable=False,
    )  # fmt: skip
    reviewed_on = models.DateField(_("最近复核"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=9, choices=LifeState.choices, default=LifeState.ACTIVE
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_records",
        verbose_name=_("并入的记录"),
    )  # fmt: skip
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="organizations",
        verbose_name=_("导入批次"),
    )  # fmt: skip

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位和组织")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            models.Index(fields=["division", "name_pinyin", "id"], name="organization_list"),
            models.Index(fields=["name_initials", "division"], name="organization_initials"),
            models.Index(fields=["latitude", "longitude"], name="organization_point"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="organization_name_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="")
                & ~Q(state__in=[LifeState.WITHDRAWN, LifeState.MERGED]),
                name="one_organization_a_code",
            ),
            models.CheckConstraint(
                name="merged_organization_names_its_heir",
                condition=Q(state=LifeState.MERGED, merged_into__isnull=False)
                | (~Q(state=LifeState.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_point_has_both_degrees",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:detail", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> OrganizationQuerySet:
        """Organisations that are still there go to the successor of their division."""
        return cls.objects.live()

    def put(self, code: str, value: str) -> None:
        """A clean value of a field into its columns."""
        if code == "name":
            self.name = value
            self.name_pinyin = chinese.pinyin(value, person=False)[:400]
            self.name_initials = chinese.initials(value, person=False)[:120]
        elif code == "point":
            degrees = [float(one) for one in value.split(",")] if value else [None, None]
            self.longitude, self.latitude = degrees
        elif code == "located":
            self.located = value == YES
        elif code in ("contact_name", "contact_phone"):
            setattr(self, code, value or None)
        else:
            setattr(self, code, value)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def form_label(self) -> str:
        return label_of(legal_forms(), self.legal_form)

    @property
    def point(self) -> Point | None:
        if self.longitude is None or self.latitude is None:
            return None
        return Point(self.longitude, self.latitude)

    @property
    def masked_contact(self) -> str:
        return masking.mask_name(self.contact_name) if self.contact_name else ""

    @property
    def masked_phone(self) -> str:
        return masking.mask_phone(self.contact_phone) if self.contact_phone else ""

    def records(self) -> OrganizationQuerySet:
        """This record and those merged into it: append-only tables keep naming the old ones."""
        return Organization.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))


class Event(Record):
    """One step of an organisation or of its standing as a service subject. Append-only."""

    append_only = True

    class Topic(models.TextChoices):
        LIFE = "life", _("单位")
        PROVIDER = "provider", _("服务主体")
        PLACE = "place", _("所在地")

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="events", verbose_name=_("单位")
    )
    topic = models.CharField(_("事项"), max_length=8, choices=Topic.choices)
    state = models.CharField(_("状态"), max_length=60)
    on = models.DateField(_("日期"))
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("单位经过")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.topic} {self.state}"

    @classmethod
    def history(cls, one: Organization) -> "models.QuerySet[Event]":
        """What happened, in this record and in those merged into it, newest first."""
        return cls.objects.filter(organization__in=one.records()).order_by("-pk")
