"""A resident's own account: bound to the person in the register, apart from staff (DIV-14)."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.core.rules import masking
from yiwang.core.vault import keyed_hash
from yiwang.residents.models import Resident

from .person import OfResident, OfResidentQuerySet


def phone_key(phone: str) -> bytes:
    """What an account is found by at the log-in: the same keyed hash as in the register."""
    return keyed_hash("phone", phone)


class Manner(models.TextChoices):
    """How the community made sure who it is."""

    COUNTER = "counter", _("窗口当面核验证件")
    LETTER = "letter", _("信函寄送登记住址")


class ResidentAccount(OfResident):
    """The account of one person; a resident has at most one that is open.

    Two people may sign in with the same telephone: an elder and her daughter share one.
    """

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="accounts", verbose_name=_("居民")
    )
    phone = EncryptedTextField(_("登录手机号"), null=True)
    phone_hash = models.BinaryField(max_length=16, db_index=True, editable=False)
    password = models.CharField(_("密码"), max_length=160)
    manner = models.CharField(_("绑定方式"), max_length=7, choices=Manner.choices)
    document = models.CharField(_("核验的证件"), max_length=60, blank=True)
    bound_by = models.CharField(_("核验人"), max_length=160)
    notice = models.ForeignKey(
        "personal.Notice", models.PROTECT, null=True, related_name="+", verbose_name=_("已读告知书")
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    ended_why = models.CharField(_("停用原因"), max_length=200, blank=True)

    objects = OfResidentQuerySet["ResidentAccount"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民账号")
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(ended_at__isnull=True),
                name="one_open_account_a_resident",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether one may sign in: not closed, and the person lives here."""
        return self.ended_at is None and self.resident.is_live

    @property
    def masked_phone(self) -> str:
        return masking.mask_phone(str(self.phone))

    def put_phone(self, phone: str) -> None:
        """A normalised number and the hash it is found by."""
        self.phone, self.phone_hash = phone, phone_key(phone)

    def put_password(self, password: str) -> None:
        """Keep the password as a slow hash (Argon2)."""
        self.password = make_password(password)

    def opens_with(self, password: str) -> bool:
        return check_password(password, self.password)


class AccessCode(OfResident):
    """A one-time code that the community tells or prints: binds an account or sets a new password.

    Only its keyed hash is kept; it dies after its hours, its tries or its use.
    """

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="access_codes", verbose_name=_("居民")
    )
    digest = models.BinaryField(max_length=16, editable=False)
    phone = EncryptedTextField(_("登录手机号"), null=True)
    phone_hash = models.BinaryField(max_length=16, db_index=True, editable=False)
    manner = models.CharField(_("交付方式"), max_length=7, choices=Manner.choices)
    document = models.CharField(_("核验的证件"), max_length=60, blank=True)
    issued_by = models.CharField(_("发码人"), max_length=160)
    expires_at = models.DateTimeField(_("有效至"))
    tries_left = models.PositiveSmallIntegerField(_("剩余次数"))
    used_at = models.DateTimeField(_("使用时间"), null=True)

    # What the community tells or prints once; never stored.
    secret: str = ""

    objects = OfResidentQuerySet["AccessCode"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("登录码")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)

    def is_good(self, now: datetime) -> bool:
        return self.used_at is None and self.tries_left > 0 and now < self.expires_at

    def fits(self, code: str) -> bool:
        return bytes(self.digest) == code_key(self.resident_id, code)


def code_key(resident_id: int, code: str) -> bytes:
    """The hash of a code, made for one person: the same digits of another are another hash."""
    return keyed_hash(f"access_code.{resident_id}", code)


class ResidentSession(Record):
    """One browser that a resident is signed in at; nothing of it is shared with staff sessions."""

    account = models.ForeignKey(
        ResidentAccount, models.CASCADE, related_name="sessions", verbose_name=_("账号")
    )
    digest = models.BinaryField(max_length=16, unique=True, editable=False)
    device = models.CharField(_("设备"), max_length=120, blank=True)
    seen_at = models.DateTimeField(_("最近使用"))
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    # Whom the holder is acting for at the moment; nobody means herself.
    acting_for = models.ForeignKey(
        Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("代办对象")
    )

    # The cookie's value, known once when the session begins.
    secret: str = ""

    class Meta:
        verbose_name = verbose_name_plural = _("居民登录")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def division_id(self) -> int:
        return self.account.division_id


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def against(self, digest: bytes, since: datetime) -> Self:
        return self.filter(digest=digest, at__gte=since).order_by("-at")


class Attempt(models.Model):
    """One failed try at a telephone number, known or not; enough of them lock it for a while."""

    digest = models.BinaryField(max_length=16)
    at = models.DateTimeField(_("时间"))

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民登录失败")
        indexes = [models.Index(fields=["digest", "at"])]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def division_id(self) -> int:
        """A number nobody knows belongs to no community; the city answers for it."""
        return int(settings.CITY)
