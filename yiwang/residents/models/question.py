"""Addresses that could not be told apart with certainty: a person looks, nothing is guessed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division

from .household import Dwelling, TerritorialQuerySet


class AddressQuestion(Record):
    """One dwelling whose address leaves a doubt, with what it might mean."""

    class Topic(models.TextChoices):
        OTHER_PLACE = "other_place", _("地址写的是别的社区")
        SEVERAL = "several", _("地名有几处")
        UNREAD = "unread", _("看不出路、小区或组")
        LEFT_OVER = "left_over", _("有一部分看不懂")
        UNKNOWN = "unknown", _("有的地名不在区划表里")
        TWICE = "twice", _("与另一处写法不同，像是同一处")

    class State(models.TextChoices):
        OPEN = "open", _("待核对")
        SETTLED = "settled", _("已核对")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="address_questions", verbose_name=_("社区"),
        db_index=False,
    )  # fmt: skip
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, related_name="questions", verbose_name=_("住所")
    )
    topic = models.CharField(_("问题"), max_length=11, choices=Topic.choices)
    # What was read: parts by name, the places the address names (current keys), the rest.
    suggestion = models.JSONField(_("建议"), default=dict)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.OPEN)
    decision = models.JSONField(_("处理结果"), null=True, blank=True)
    settled_by = models.CharField(_("核对人"), max_length=160, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("待核对地址")
        ordering = ["state", "-pk"]
        indexes = [models.Index(fields=["division", "state"], name="address_question_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling"], condition=Q(state="open"), name="one_open_question_a_dwelling"
            )
        ]

    def __str__(self) -> str:
        return self.get_topic_display()

    @classmethod
    def live_in_division(cls) -> models.QuerySet["AddressQuestion"]:
        """Open questions go with the houses; settled ones stay."""
        return cls.objects.filter(state=cls.State.OPEN)
