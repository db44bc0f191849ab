"""Source records of organisations: who said what and when, for ever. Append-only."""

from collections.abc import Iterable, Mapping
from typing import Self

from django.db import models
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, When
from django.utils.translation import gettext_lazy as _

from yiwang.organizations.rules.fields import SENSITIVE
from yiwang.residents.models import Arrival, Nature, Source, what_arrived

from .batch import Batch
from .organization import Organization


class OrganizationRecordQuerySet(models.QuerySet["OrganizationRecord"]):
    def of(self, organizations: Iterable[Organization]) -> Self:
        """All records of some organisations, also of those merged into them, as they arrived.

        `subject` of each is the one of `organizations` it counts for.
        """
        keys = [one.pk for one in organizations]
        merged = Q(organization__merged_into__in=keys)
        undone = Q(batch__isnull=False) & Q(batch__state=Batch.State.UNDONE)
        rows = self.filter(Q(organization__in=keys) | merged).annotate(
            batch_undone=ExpressionWrapper(undone, output_field=BooleanField()),
            subject=Case(
                When(merged, then="organization__merged_into_id"), default="organization_id"
            ),
            place=F("organization__division_id"),
        )
        return rows.order_by("pk")

    def put(
        self,
        organization: Organization,
        values: Mapping[str, str],
        source: Source,
        *,
        nature: str = Nature.COLLECTED,
        about: "OrganizationRecord | None" = None,
        reason: str = "",
        batch: Batch | None = None,
    ) -> "OrganizationRecord":
        """Keep clean values as one arrival; an empty value means: known to be none."""
        secret = SENSITIVE & set(values)
        arrived = what_arrived(values, source, secret, nature=nature, about=about, reason=reason)
        return self.create(organization=organization, batch=batch, **arrived)


class OrganizationRecord(Arrival):
    """One arrival about one organisation."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="source_records", verbose_name=_("单位")
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="source_records", verbose_name=_("导入批次")
    )

    subject: int

    objects = OrganizationRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位来源记录")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="what_is_taken_back_of_organization_is_named",
                condition=~Q(nature=Nature.UNDONE) | Q(about__isnull=False),
            ),
            models.CheckConstraint(
                name="a_decision_on_organization_says_why",
                condition=~Q(nature=Nature.DECIDED) | ~Q(reason=""),
            ),
        ]

    @property
    def division_id(self) -> int:
        return self.organization.division_id
