"""Files in which a virus was found: kept away sealed, and told to the data officer (EXP-27)."""

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.vault import seal_bytes

from .record import Record


@dataclass(frozen=True)
class Infected:
    """What is told of a file with a virus: what it is for, its name, the scanner's word for it."""

    about: str
    file_name: str
    signature: str


class InfectedFileQuerySet(models.QuerySet["InfectedFile"]):
    def visible_to(self, actor: Any) -> Self:
        area = actor.see
        return self.filter(division_key__gte=area.lo, division_key__lte=area.hi)


class InfectedFile(Record):
    """One finding. What was in the file lies sealed in the quarantine; nobody opens it again."""

    append_only = True

    division_key = models.BigIntegerField(_("区划"), db_index=True)
    subject_model = models.CharField(_("对象"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"))
    about = models.CharField(_("用于"), max_length=200)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64)
    size = models.PositiveIntegerField(_("字节数"))
    signature = models.CharField(_("病毒"), max_length=120)
    path = models.CharField(_("隔离位置"), max_length=120)

    objects = InfectedFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("带病毒的文件")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def division_id(self) -> int:
        return self.division_key

    @classmethod
    def keep_away(cls, subject: models.Model, found: Infected, body: bytes) -> "InfectedFile":
        """Put a file that hangs on a record into the quarantine and write the finding."""
        digest = hashlib.sha256(body).hexdigest()
        path = default_storage.save(f"quarantine/{digest}", ContentFile(seal_bytes(body)))
        return cls.objects.create(
            division_key=subject.division_id, subject_model=subject._meta.label_lower,  # type: ignore[attr-defined]
            subject_id=subject.pk, about=found.about[:200], file_name=found.file_name[-200:],
            digest=digest, size=len(body), signature=found.signature[:120], path=path,
        )  # fmt: skip
