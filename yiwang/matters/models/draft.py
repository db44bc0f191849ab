"""An acceptance that is not finished: kept automatically, lost never (EXP-08)."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import EncryptedTextField, Record
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident

from .catalogue import ServiceItem
from .matter import Matter


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: Actor) -> Self:
        """A draft belongs to the post that began it."""
        return self.filter(post_id=actor.post_id) if actor.post_id else self.none()

    def for_holder(self, person: Resident) -> Self:
        """What was begun online for a person, by herself or by whom she authorised."""
        return self.filter(resident=person, holder__isnull=False)


class Draft(Record):
    """The state of the acceptance wizard: item, person, what was typed, materials, signature."""

    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="drafts")
    # Who fills it in online: the resident herself, or whom she authorised (SVC-04).
    holder = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT)
    item = models.ForeignKey(ServiceItem, models.PROTECT)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True)
    bundle = models.ForeignKey("Bundle", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, default="window")
    typed_sealed = EncryptedTextField(null=True)
    matter = models.OneToOneField(Matter, models.PROTECT, null=True, related_name="draft")

    # Whether the file just handed in was kept away for a virus; of the moment, never saved.
    infected: bool = False

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("受理草稿")
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["post", "-updated_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_draft_is_a_posts_or_a_residents",
                condition=Q(post__isnull=False, holder__isnull=True)
                | Q(post__isnull=True, holder__isnull=False, resident__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is applied for, in the reader's language."""
        return self.bundle.label if self.bundle else self.item.label

    @property
    def typed(self) -> dict[str, Any]:
        """answers by field, agent, ticked materials, signature, as the wizard left them."""
        found: dict[str, Any] = json.loads(self.typed_sealed or "{}")
        return found

    @typed.setter
    def typed(self, said: dict[str, Any]) -> None:
        self.typed_sealed = json.dumps(said, ensure_ascii=False)
