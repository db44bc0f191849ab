"""What colleagues say to each other about a matter, who was named in it, and views one keeps."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.rules import Audience

from .matter import Matter


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor) -> Self:
        """On matters the actor sees, as far as the comment was meant for the actor's unit or level."""
        meant = Q(audience=Audience.ALL)
        meant |= Q(audience=Audience.LEVEL, place_id=actor.division_id)
        if actor.unit_id:
            meant |= Q(audience=Audience.UNIT, unit_id=actor.unit_id)
        if actor.post_id:
            meant |= Q(post_id=actor.post_id)
        return self.filter(meant, matter__in=Matter.objects.visible_to(actor))


class Comment(models.Model):
    """One remark among colleagues (EXP-62); never shown to residents, never changed."""

    append_only = True

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="comments")
    at = models.DateTimeField(_("时间"), db_default=Now())
    by = models.CharField(_("发言人"), max_length=160)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Division, models.PROTECT, related_name="+")
    audience = models.CharField(_("谁能看到"), max_length=6, choices=Audience.choices)
    text = models.CharField(_("内容"), max_length=1000)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("内部讨论")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["matter", "-at"], name="comment_of_matter")]

    def __str__(self) -> str:
        return f"{self.by} {self.at}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, as long as one may still read the comment."""
        return self.filter(
            post_id=actor.post_id or 0, comment__in=Comment.objects.visible_to(actor)
        )


class Mention(Record):
    """A colleague named in a comment, until it was read."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    post = models.ForeignKey(Post, models.PROTECT, related_name="mentions")
    read_at = models.DateTimeField(_("看过"), null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提到的人")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["post"], condition=Q(read_at__isnull=True), name="mention_unread")
        ]
        constraints = [
            models.UniqueConstraint(fields=["comment", "post"], name="mentioned_once_a_comment")
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.comment_id}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> Self:
        """A view belongs to the post that keeps it."""
        return self.filter(post_id=actor.post_id or 0)


class SavedView(Record):
    """Filters, order and columns of the work list under a name (EXP-25)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("条件"), max_length=1000)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("保存的视图")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def division_id(self) -> int:
        return self.post.division_id
