"""A photo or PDF somebody handed in: what it is called, what it really is, how it is recognised."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.errors import Refused
from yiwang.core.rules.files import FileLimits, file_type
from yiwang.core.rules.photos import FORMATS, BrokenPhoto, lean_photo
from yiwang.core.scanner import scanner

from .record import Record


class Scan(models.TextChoices):
    """What is known of viruses in a file. While nobody has looked, it waits."""

    WAITING = "waiting", gettext_lazy("等待查毒")
    CLEAN = "clean", gettext_lazy("已查毒")
    INFECTED = "infected", gettext_lazy("有病毒，已隔离")


class KeptFile(Record):
    """A record with one uploaded file in its field `file`, stored outside the web root.

    Moment and place of a photo are kept only when who hands it in wants that (EXP-27).
    """

    file_name = models.CharField(gettext_lazy("文件名"), max_length=200, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(gettext_lazy("字节数"), default=0)
    digest = models.CharField(gettext_lazy("摘要"), max_length=64, blank=True)
    scan = models.CharField(
        gettext_lazy("查毒"), max_length=8, choices=Scan.choices, default=Scan.WAITING
    )
    scanned_at = models.DateTimeField(gettext_lazy("查毒时间"), null=True, blank=True)
    taken_at = models.DateTimeField(gettext_lazy("拍摄时间"), null=True, blank=True)
    latitude = models.DecimalField(
        gettext_lazy("纬度"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        gettext_lazy("经度"), max_digits=9, decimal_places=6, null=True, blank=True
    )

    class Meta:
        abstract = True

    def keep(
        self, upload: "UploadedFile[Any]", *, limits: FileLimits, origin: bool = False
    ) -> None:
        """Store an upload with its digest and its real type (not saved).

        A photo is made smaller and loses what the camera wrote; `origin` keeps moment and place
        beside it. Raises Refused: file_too_large, file_type when it is neither a picture nor a
        PDF, whatever its name, file_broken.
        """
        if (upload.size or 0) > limits.megabytes * 2**20:
            message = _("“%(name)s”超过 %(most)s MB，请压缩后再传。")
            words = {"name": upload.name, "most": limits.megabytes}
            raise Refused("file_too_large", message % words)
        body = upload.read()
        kind = file_type(body)
        if kind is None:
            message = _("“%(name)s”不是照片或 PDF，请重新拍照或导出后再传。")
            raise Refused("file_type", message % {"name": upload.name})
        if kind in FORMATS:
            body = self._lean(str(upload.name), body, kind, limits, origin)
        self.file_name = str(upload.name)[-200:]
        self.content_type, self.size = kind, len(body)
        self.digest = hashlib.sha256(body).hexdigest()
        self.scan, self.scanned_at = Scan.WAITING, None
        file: Any = self.file  # type: ignore[attr-defined]
        file.save(f"{self.digest[:32]}.{kind.rpartition('/')[2]}", ContentFile(body), save=False)

    def _lean(self, name: str, body: bytes, kind: str, limits: FileLimits, origin: bool) -> bytes:
        try:
            photo = lean_photo(body, kind, longest=limits.pixels, quality=limits.quality)
        except BrokenPhoto:
            message = _("“%(name)s”打不开，可能已损坏，请重新拍照后再传。") % {"name": name}
            raise Refused("file_broken", message) from None
        if origin:
            self.taken_at = photo.taken_at
            self.latitude, self.longitude = photo.latitude, photo.longitude
        return photo.body

    def copy_of(self, other: "KeptFile") -> None:
        """A copy of the file another record keeps (not saved): neither goes with the other."""
        theirs: Any = other.file  # type: ignore[attr-defined]
        mine: Any = self.file  # type: ignore[attr-defined]
        with theirs.open("rb") as file:
            mine.save(theirs.name.rpartition("/")[2], ContentFile(file.read()), save=False)
        for name in (
            "file_name", "content_type", "size", "digest", "scan", "scanned_at",
            "taken_at", "latitude", "longitude",
        ):  # fmt: skip
            setattr(self, name, getattr(other, name))

    @property
    def may_be_opened(self) -> bool:
        """There is a file, and it was found clean; or nobody here looks, by choice."""
        there = bool(self.file)  # type: ignore[attr-defined]
        unseen = self.scan == Scan.WAITING and scanner() is None
        return there and (self.scan == Scan.CLEAN or unseen)

    @property
    def is_picture(self) -> bool:
        return self.content_type in FORMATS

    @property
    def scan_words(self) -> str:
        """What is known of viruses in it, in words."""
        if self.scan == Scan.WAITING and scanner() is None:
            return _("未查毒")
        return str(Scan(self.scan).label)
