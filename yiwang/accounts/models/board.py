"""The board of a community: who holds which office, how they came into it and until when (DIV-10)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import KeyRange


class Body(models.TextChoices):
    PARTY = "party", _("党组织")
    COMMITTEE = "committee", _("村（居）民委员会")
    STATION = "station", _("社区服务站")
    SUPERVISION = "supervision", _("监督委员会")


class Manner(models.TextChoices):
    ELECTED = "elected", _("选举")
    APPOINTED = "appointed", _("任命")
    CHOSEN = "chosen", _("推选")
    HIRED = "hired", _("聘用")


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.within(actor.see)

    def within(self, area: KeyRange) -> Self:
        return self.filter(division_id__range=(area.lo, area.hi))

    def in_office(self, day: date) -> Self:
        """Who holds the office on a day; a term that is over goes on until the successor comes."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), starts_on__lte=day)

    def public(self, day: date) -> Self:
        """What residents read on the board."""
        return self.in_office(day).filter(published=True)

    def ending(self, until: date) -> Self:
        """Terms that end by a day, those that are over and still held among them."""
        return self.filter(left_on__isnull=True, ends_on__lte=until)


class Officer(Record):
    """One person in one office of a community body, for a term."""

    follows_division = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="officers", verbose_name=_("社区"), db_index=False
    )
    body = models.CharField(_("组织"), max_length=11, choices=Body.choices)
    position = models.CharField(_("职务"), max_length=40)
    name = models.CharField(_("姓名"), max_length=60)
    manner = models.CharField(_("产生方式"), max_length=9, choices=Manner.choices)
    starts_on = models.DateField(_("任期开始"))
    ends_on = models.DateField(_("任期届满"), null=True, blank=True)
    left_on = models.DateField(_("离任日期"), null=True, blank=True)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)
    published = models.BooleanField(_("公示"), default=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社区任职")
        ordering = ["division", "body", "pk"]
        indexes = [
            models.Index(fields=["division", "body", "id"], name="officer_board"),
            models.Index(
                fields=["ends_on"], condition=Q(left_on__isnull=True), name="officer_term"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="term_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="office_is_left_after_it_starts",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:officer-edit", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> OfficerQuerySet:
        """Who is in office goes on in the successor of the place; who has left stays."""
        return cls.objects.filter(left_on__isnull=True)
