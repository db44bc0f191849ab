"""The documents of a matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import KeptFile
from yiwang.residents.models import Document

from .matter import Matter


class Material(KeptFile):
    """A document of a matter: waived because the net holds it, handed in, or uploaded.

    `document` is the one of the person's file it was taken from: the file is a copy, so that the
    matter keeps what was seen.
    """

    class State(models.TextChoices):
        WAIVED = "waived", _("免交")
        GIVEN = "given", _("已收")
        MISSING = "missing", _("待补")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="materials")
    code = models.SlugField(max_length=60)
    name = models.CharField(_("名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices)
    held_as = models.CharField(_("电子证照"), max_length=40, blank=True)
    file = models.FileField(_("文件"), upload_to="matters/%Y/%m/", blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="materials", verbose_name=_("档案材料")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def division_id(self) -> int:
        return self.matter.division_id
