"""Up to when somebody has read the notices of a post, and who wants them by e-mail once a day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import Record


class LookQuerySet(models.QuerySet["Look"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, in the post acted from."""
        return self.filter(user_id=actor.user_id, post_id=actor.post_id)


class Look(Record):
    """The last look of a person at the notices of a post; later events are unread."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("人员")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("岗位"))
    seen_at = models.DateTimeField(_("看到"))

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知已读")
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], name="one_look_a_person_a_post")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%Y-%m-%d %H:%M}"

    @property
    def holder_id(self) -> int:
        """Whose own business this is."""
        return self.user_id


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, of the post acted from."""
        return self.filter(user_id=actor.user_id, post_id=actor.post_id)


class Digest(Record):
    """What waits for somebody in a post, by e-mail on the morning of each working day (EXP-12)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("人员")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("岗位"))
    email = models.EmailField(_("邮箱"), max_length=120)
    sent_on = models.DateField(_("最近发送"), null=True, blank=True)
    problem = models.CharField(_("原因"), max_length=120, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("每日提要")
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], name="one_digest_a_person_a_post")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.email}"

    @property
    def holder_id(self) -> int:
        """Whose own business this is."""
        return self.user_id
