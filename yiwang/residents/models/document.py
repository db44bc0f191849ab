"""Documents of a person: handed in once, used again in later matters while they are valid (SVC-06)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import KeptFile, Record
from yiwang.divisions.models.division import Scoped
from yiwang.residents.rules.documents import DocumentKind, document_kinds, is_valid

from .resident import Resident


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(resident__division_id__gte=area.lo, resident__division_id__lte=area.hi)

    def for_holder(self, resident: Resident) -> Self:
        """Documents of one person, for the person herself and for who acts for her."""
        return self.filter(resident=resident)

    def on_file(self) -> Self:
        """Neither replaced nor taken off the file."""
        return self.filter(ended_on__isnull=True)


class Document(KeptFile):
    """One document of one kind: its file, who issued it, how long it holds, whether it may be used.

    Used again only while the person's consent stands and inside its validity; what it was used
    for are `uses`.
    """

    class How(models.TextChoices):
        COUNTER = "counter", _("窗口")
        ONLINE = "online", _("网上")
        PAPER = "paper", _("书面")

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="documents", verbose_name=_("居民")
    )
    kind = models.SlugField(_("种类"), max_length=60)
    file = models.FileField(_("文件"), upload_to="documents/%Y/%m/", blank=True)
    issuer = models.CharField(_("发证单位"), max_length=120, blank=True)
    valid_from = models.DateField(_("有效期起"), null=True, blank=True)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    reference = models.CharField(_("关联"), max_length=80, blank=True)
    label = models.CharField(_("交来时办的事"), max_length=200, blank=True)
    filed_on = models.DateField(_("存入日期"))
    by_label = models.CharField(_("存入人"), max_length=160)
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True)
    agreed_how = models.CharField(_("同意方式"), max_length=7, choices=How.choices, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回同意时间"), null=True, blank=True)
    ended_on = models.DateField(_("移出日期"), null=True, blank=True)
    ended_why = models.CharField(_("移出原因"), max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("档案材料")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["resident", "kind"],
                condition=Q(ended_on__isnull=True),
                name="document_on_file",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_document_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="a_document_leaves_the_file_for_a_reason",
                condition=Q(ended_on__isnull=True) | ~Q(ended_why=""),
            ),
            models.CheckConstraint(
                name="consent_is_given_somehow",
                condition=Q(agreed_at__isnull=True) | ~Q(agreed_how=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_id(self) -> int:
        return self.resident.division_id

    @property
    def kind_of(self) -> DocumentKind:
        return document_kinds()[self.kind]

    @property
    def name(self) -> str:
        """The kind in the reader's language."""
        return self.kind_of.label if self.kind in document_kinds() else self.kind

    @property
    def agreed(self) -> bool:
        """Whether the person's consent to using it again stands."""
        return self.agreed_at is not None and self.withdrawn_at is None

    def is_valid(self, on: date) -> bool:
        """Inside its validity on a day; one that should bear a last day and does not is not."""
        if self.kind_of.expires and self.valid_to is None:
            return False
        return is_valid(self.valid_from, self.valid_to, on)

    def is_usable(self, on: date) -> bool:
        return self.ended_on is None and bool(self.file) and self.agreed and self.is_valid(on)

    def is_expired(self, on: date) -> bool:
        return self.valid_to is not None and self.valid_to < on


class DocumentUse(Record):
    """One matter a document was used for. Append-only."""

    append_only = True

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="uses", verbose_name=_("档案材料")
    )
    reference = models.CharField(_("关联"), max_length=80)
    label = models.CharField(_("用于"), max_length=200)
    used_on = models.DateField(_("使用日期"))
    by_label = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("材料使用记录")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def division_id(self) -> int:
        return self.document.division_id
