"""The assessment of one person: who scored what, the grade, until when, and what was objected."""

import json
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.assessments.rules.states import OPEN, Reason, State
from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident

from .scale import Scale


class PersonAssessmentQuerySet(models.QuerySet["PersonAssessment"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def under(self, key: int) -> Self:
        area = range_of(key)
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def for_holder(self, person: Resident) -> Self:
        """A person's own assessments that came into force, newest first."""
        return self.filter(resident=person, state=State.FINAL).order_by("-assessed_on", "-pk")

    def unsettled(self) -> Self:
        """Begun and neither in force nor given up."""
        return self.filter(state__in=OPEN)

    def in_force(self, day: date) -> Self:
        """Those that hold on a day; of several of one person the newest counts (`newest`)."""
        return self.filter(state=State.FINAL, assessed_on__lte=day, valid_until__gte=day)

    def newest(self) -> Self:
        """The newest of each person that came into force."""
        later = PersonAssessment.objects.filter(
            Q(assessed_on__gt=OuterRef("assessed_on"))
            | Q(assessed_on=OuterRef("assessed_on"), pk__gt=OuterRef("pk")),
            resident=OuterRef("resident"), state=State.FINAL,
        )  # fmt: skip
        return self.filter(~Exists(later), state=State.FINAL)

    def due(self, day: date) -> Self:
        """The newest of each living person that has ended by a day: to be assessed again."""
        return self.newest().filter(valid_until__lt=day, resident__state="live")

    def objected(self) -> Self:
        """Objections that no second assessment has answered."""
        return self.newest().filter(objected_on__isnull=False)

    def update(self, **changes: Any) -> int:
        """Whoever hands these to another resident hands them to that resident's division too."""
        person = changes.get("resident")
        if isinstance(person, Resident):
            changes.setdefault("division_id", person.division_id)
        return super().update(**changes)


class PersonAssessment(Record):
    """One assessment. `division` is always the resident's: the database carries it along.

    What was scored lies encrypted; the grade stands beside it because lists and service items ask
    for it. `grade` and `subsidy` are codes of the form's version.
    """

    contact_moment: ClassVar[str] = "created_at"

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="assessments", verbose_name=_("居民"),
        db_index=False,
    )  # fmt: skip
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False
    )
    scale = models.ForeignKey(
        Scale, models.PROTECT, related_name="assessments", verbose_name=_("评估表")
    )
    reason = models.CharField(_("评估原因"), max_length=8, choices=Reason.choices)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    said = EncryptedTextField(_("评估内容"), null=True, blank=True)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    subsidy = models.CharField(_("补助档次"), max_length=20, blank=True)
    assessed_on = models.DateField(_("评估日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效至"), null=True, blank=True)
    decided_on = models.DateField(_("生效日期"), null=True, blank=True)
    first_by = models.CharField(_("评估人"), max_length=160)
    first_user_id = models.BigIntegerField(null=True, blank=True)
    second_by = models.CharField(_("第二评估人"), max_length=160, blank=True)
    second_user_id = models.BigIntegerField(null=True, blank=True)
    objected_on = models.DateField(_("提出异议日期"), null=True, blank=True)
    objected_by = models.CharField(_("提出人"), max_length=160, blank=True)
    objection = EncryptedTextField(_("异议"), null=True, blank=True)
    again_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again",
        verbose_name=_("复评的是"),
    )  # fmt: skip

    objects = PersonAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("个人评估")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="assessed_in_place"),
            models.Index(
                fields=["division", "valid_until"], condition=Q(state="final"),
                name="assessment_ending",
            ),
            models.Index(fields=["resident", "-assessed_on"], name="assessment_of_person"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(state__in=OPEN), name="one_open_assessment"
            ),
            models.CheckConstraint(
                name="final_assessment_has_its_grade",
                condition=~Q(state="final")
                | (Q(total__isnull=False, assessed_on__isnull=False, valid_until__isnull=False)
                   & ~Q(grade="")),
            ),
            models.CheckConstraint(
                name="two_assessors_are_two_people",
                condition=Q(second_user_id=None) | ~Q(second_user_id=models.F("first_user_id")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def holds_on(self, day: date) -> bool:
        return bool(
            self.state == State.FINAL
            and self.assessed_on
            and self.valid_until
            and self.assessed_on <= day <= self.valid_until
        )

    @property
    def content(self) -> dict[str, Any]:
        """`answers` item to score, `conditions` that hold, `facts` field to value, `parts`."""
        found: dict[str, Any] = json.loads(self.said or "{}")
        return found

    @content.setter
    def content(self, value: dict[str, Any]) -> None:
        self.said = json.dumps(value, ensure_ascii=False)

    @property
    def grade_label(self) -> str:
        found = self.scale.form.grade(self.grade)
        return found.label if found else ""

    @property
    def subsidy_label(self) -> str:
        found = self.scale.form.subsidy(self.subsidy)
        return found.label if found else ""
