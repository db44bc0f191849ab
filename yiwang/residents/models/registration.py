"""Where somebody is registered (户籍), as against where they live; and who looks after a child."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped

from .resident import Relation, Resident


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Seen where the person is registered and where the person lives."""
        area = (actor.see.lo, actor.see.hi)
        return self.filter(Q(division_id__range=area) | Q(resident__division_id__range=area))

    def registered_in(self, lo: int, hi: int) -> Self:
        return self.filter(division_id__range=(lo, hi))

    def of_live(self) -> Self:
        return self.filter(resident__state="live")


class Registration(Record):
    """The registered household (户籍户) of one person: in a community of the city, or outside.

    Members of one registered household carry the same `book` in the same community; it need not be
    the household they live in.
    """

    follows_division: ClassVar[bool] = True

    resident = models.OneToOneField(
        Resident, models.PROTECT, related_name="registration", verbose_name=_("居民")
    )
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="registrations",
        verbose_name=_("户籍社区"), db_index=False,
    )  # fmt: skip
    outside = models.CharField(_("户籍地（市外）"), max_length=120, blank=True)
    book = models.CharField(_("户口簿户号"), max_length=40, blank=True)
    relation = models.CharField(
        _("与户籍户主关系"), max_length=11, choices=Relation.choices, blank=True
    )
    since = models.DateField(_("登记日期"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("户籍")
        ordering = ["division_id", "book", "pk"]
        indexes = [models.Index(fields=["division", "book"], name="registered_household")]
        constraints = [
            models.CheckConstraint(
                name="registered_in_the_city_or_outside",
                condition=Q(division__isnull=False, outside="")
                | Q(division__isnull=True) & ~Q(outside=""),
            )
        ]

    def __str__(self) -> str:
        return self.outside or str(self.division)

    @classmethod
    def live_in_division(cls) -> RegistrationQuerySet:
        """Registrations go with the community."""
        return cls.objects.all()

    @property
    def is_separate(self) -> bool:
        """Whether the person lives in another community than the registered one."""
        return self.division_id != self.resident.division_id

    @property
    def mates(self) -> list["Registration"]:
        """The others of the registered household, wherever they live; to be shown masked."""
        if not self.book or self.division_id is None:
            return []
        rows = Registration.objects.filter(division_id=self.division_id, book=self.book).of_live()
        return list(rows.exclude(pk=self.pk).select_related("resident__division"))

    @property
    def place(self) -> str:
        """Where, in the reader's language."""
        return self.division.label if self.division else self.outside


class Guardianship(Record):
    """Who looks after somebody who cannot act alone, from a day on."""

    class Kind(models.TextChoices):
        MOTHER = "mother", _("母亲")
        FATHER = "father", _("父亲")
        OTHER = "other", _("其他监护人")

    ward = models.ForeignKey(
        Resident, models.PROTECT, related_name="guardianships", verbose_name=_("被监护人")
    )
    guardian = models.ForeignKey(
        Resident, models.PROTECT, related_name="wards", verbose_name=_("监护人")
    )
    kind = models.CharField(_("关系"), max_length=6, choices=Kind.choices)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("监护关系")
        ordering = ["ward_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "guardian"], condition=Q(ends_on__isnull=True),
                name="one_guardianship_a_pair",
            ),
            models.CheckConstraint(
                name="nobody_guards_themselves", condition=~Q(ward=models.F("guardian"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ward} ← {self.guardian}"
