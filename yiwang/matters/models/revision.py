"""A version of a service item that is not published yet: worked on in several sittings (EXP-32, 33)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.models import Record
from yiwang.matters.rules.guide import Guide

from .catalogue import Category, ServiceItem, ServiceVersion, _english


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, actor: Actor) -> Self:
        """The catalogue is the city's: its drafts are for those who keep it."""
        return self.all() if actor.has("matters.catalogue") else self.none()

    def open(self) -> Self:
        return self.filter(state=Revision.State.OPEN)


class Revision(Record):
    """The draft of an item's next version, or of a new item. One open draft for each code.

    `before` is the content before the last change, for one step of undo. `edition` counts the
    changes: whoever saves an older one is told instead of winning silently (EXP-35).
    """

    class State(models.TextChoices):
        OPEN = "open", _("起草中")
        PUBLISHED = "published", _("已发布")
        DISCARDED = "discarded", _("已放弃")

    code = models.SlugField(_("编码"), max_length=60)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"))
    item = models.ForeignKey(ServiceItem, models.PROTECT, null=True, related_name="revisions")
    base = models.ForeignKey(ServiceVersion, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(_("内容"))
    before = models.JSONField(_("上一步的内容"), null=True)
    edition = models.PositiveIntegerField(_("第几次保存"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    # Whoever saved last and since which edition: two tabs of one person do not contradict.
    saved_post = models.BigIntegerField(null=True)
    since = models.PositiveIntegerField(default=1)
    saved_by = models.CharField(_("保存人"), max_length=160)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项草稿")
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="open"), name="one_open_revision_a_code"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.guide.title or str(_("未命名事项"))

    @property
    def guide(self) -> Guide:
        """The content in the reader's language, as far as it is written."""
        content: dict[str, Any] = self.content
        return Guide(content, english=_english())

    def is_seen_by(self, post: int | None, edition: int) -> bool:
        """Whether a post that changed this edition has seen everything others have saved."""
        own = post is not None and post == self.saved_post
        return edition == self.edition or (own and self.since - 1 <= edition <= self.edition)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def division_id(self) -> int:
        return int(settings.CITY)

    def get_absolute_url(self) -> str:
        return reverse("matters:revision", args=[self.pk])
