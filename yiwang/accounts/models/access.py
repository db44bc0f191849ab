"""Keys of other systems, and failed log-ins that lead to a lock-out."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models.division import Scoped

from .person import Post


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(post__division_id__range=(area.lo, area.hi))


class ApiToken(Record):
    """A system's key: acts in one post, within some rights. Only its keyed hash is stored."""

    name = models.CharField(_("名称"), max_length=80)
    post = models.ForeignKey(Post, models.PROTECT, related_name="tokens", verbose_name=_("岗位"))
    digest = models.BinaryField(max_length=16, unique=True)
    hint = models.CharField(_("末四位"), max_length=4)
    scopes = ArrayField(models.CharField(max_length=60), verbose_name=_("权限范围"))
    per_minute = models.PositiveIntegerField(_("每分钟上限"))
    expires_on = models.DateField(_("到期日期"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    # The key itself, told once when it is issued and never stored.
    secret: str = ""

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口密钥")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"

    @property
    def division_id(self) -> int:
        return self.post.division_id


class LogInFailureQuerySet(models.QuerySet["LogInFailure"]):
    def against(self, username: str, since: datetime) -> Self:
        """Failures for a user name, whether or not such an account exists."""
        return self.filter(username=username.strip().lower()[:150], at__gte=since)


class LogInFailure(models.Model):
    """One failed log-in; too many within the time of `accounts.lock_minutes` lock the account."""

    username = models.CharField(_("用户名"), max_length=150)
    address = models.CharField(_("来源地址"), max_length=45)
    at = models.DateTimeField(_("时间"), db_default=Now())

    objects = LogInFailureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("登录失败")
        indexes = [models.Index(fields=["username", "-at"])]

    def __str__(self) -> str:
        return self.username
