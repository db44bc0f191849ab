"""A service subject: an organisation admitted to serve, where, in what, with valid papers (DIV-12)."""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import KeptFile
from yiwang.core.models.fields import EncryptedTextField
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import ancestors, range_of
from yiwang.needs.rules.categories import Category
from yiwang.organizations.rules.kinds import label_of, legal_forms, paper_kinds
from yiwang.organizations.rules.states import LIVE, LifeState, ProviderState

from .application import Application
from .organization import Organization
from .sharing import OfOrganization


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(organization__division_id__range=(actor.see.lo, actor.see.hi))

    def current(self) -> Self:
        """Those no newer paper of the kind has replaced."""
        return self.filter(replaced=False)

    def expired(self, today: date) -> Self:
        return self.current().filter(expires_on__lt=today)

    def expiring(self, today: date, days: int) -> Self:
        """Current papers of live organisations that end within so many days, or have ended."""
        last = today + timedelta(days=days)
        return self.current().filter(expires_on__lte=last, organization__state__in=LIVE)


class Paper(KeptFile):
    """A licence, certificate or agreement with its number and its last day.

    What staff photograph lies sealed beside it; what an applicant sends is a file that is scanned.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="papers", verbose_name=_("单位")
    )
    kind = models.CharField(_("种类"), max_length=20)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    replaced = models.BooleanField(_("已换新证"), default=False)
    file = models.FileField(_("文件"), upload_to="organizations/%Y/%m/", blank=True)
    sealed = EncryptedTextField(_("扫描件（加密）"), null=True)
    by_label = models.CharField(_("登记人"), max_length=160)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("证照")
        ordering = ["replaced", "kind", "-pk"]
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=Q(replaced=False, expires_on__isnull=False),
                name="paper_expiry",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"],
                condition=Q(replaced=False),
                name="one_current_paper_a_kind",
            ),
            models.CheckConstraint(
                name="paper_ends_after_it_began",
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=models.F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind_label

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()

    @property
    def division_id(self) -> int:
        return self.organization.division_id

    @property
    def kind_label(self) -> str:
        return label_of(paper_kinds(), self.kind)


class ProviderQuerySet(models.QuerySet["Provider"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(organization__division_id__range=(actor.see.lo, actor.see.hi))

    def public(self, today: date) -> Self:
        """What residents find: admitted, there, and no current paper past its last day."""
        held = Paper.objects.filter(organization=OuterRef("organization")).current()
        # Some forms need a paper at all; one taken back is as good as none.
        needs: dict[str, list[str]] = {}
        for form in legal_forms().values():
            if form.paper:
                needs.setdefault(form.paper, []).append(form.code)
        for paper, forms in needs.items():
            lacking = Q(organization__legal_form__in=forms) & ~Exists(held.filter(kind=paper))
            self = self.exclude(lacking)
        return self.filter(
            ~Exists(held.filter(expires_on__lt=today)),
            state=ProviderState.APPROVED,
            organization__state=LifeState.ACTIVE,
        )

    def serving(self, place: int) -> Self:
        """Whose area holds a place or lies in it."""
        area = range_of(place)
        touching = ServiceArea.objects.filter(
            Q(division_id__in=[*ancestors(place), place])
            | Q(division_id__range=(area.lo, area.hi)),
            provider=OuterRef("pk"),
        )
        return self.filter(Exists(touching))


class Provider(OfOrganization):
    """The registration of an organisation as a service subject, one at a time."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="provider", verbose_name=_("单位")
    )
    state = models.CharField(
        _("状态"), max_length=9, choices=ProviderState.choices, default=ProviderState.APPLIED
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices), verbose_name=_("服务类别")
    )
    services = models.CharField(_("服务内容"), max_length=300)
    hours = models.CharField(_("服务时间"), max_length=120, blank=True)
    phone = models.CharField(_("服务电话（公开）"), max_length=30)
    applied_on = models.DateField(_("申请日期"))
    decided_on = models.DateField(_("审核日期"), null=True, blank=True)
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="provider",
        verbose_name=_("网上申请"),
    )  # fmt: skip
    checked = ArrayField(
        models.CharField(max_length=20), verbose_name=_("已核查"), default=list, blank=True
    )
    areas: Any = models.ManyToManyField(Division, through="ServiceArea", related_name="+")

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务主体")
        ordering = ["-pk"]
        indexes = [
            GinIndex(
                fields=["services"], opclasses=["gin_trgm_ops"], name="provider_services_trgm"
            ),
            GinIndex(fields=["categories"], name="provider_categories"),
        ]
        constraints = [models.CheckConstraint(name="provider_says_what", condition=~Q(services=""))]

    def __str__(self) -> str:
        return self.organization.name

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()

    @property
    def category_labels(self) -> list[str]:
        return [str(Category(one).label) for one in self.categories]


class ServiceArea(models.Model):
    """One division a service subject serves, with everything below it."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="served")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("服务区域")
        constraints = [
            models.UniqueConstraint(fields=["provider", "division"], name="an_area_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.division_id}"
