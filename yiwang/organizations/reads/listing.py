"""The list of organisations, narrowed and sorted; what waits to be done about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.organizations.models import Organization, Paper, Provider
from yiwang.organizations.models.organization import OrganizationQuerySet
from yiwang.organizations.rules.states import ProviderState

SORTS: Final = {
    "name": "name_pinyin", "-name": "-name_pinyin", "reviewed": "reviewed_on",
    "-reviewed": "-reviewed_on", "form": "legal_form", "-form": "-legal_form",
}  # fmt: skip
VIEWS: Final = ("all", "located", "providers", "waiting", "papers", "due", "disputed")


def organizations(actor: Actor, said: Mapping[str, str]) -> OrganizationQuerySet:
    """What the actor sees: `view` one of VIEWS, `q`, `place`, `form`, `category`, `state`, `sort`."""
    rows = _viewed(Organization.objects.visible_to(actor).kept(), said.get("view", ""))
    rows = rows.select_related("division", "provider")
    if place := said.get("place", ""):
        rows = rows.under(int(place))
    if text := clean_text(said.get("q", ""))[:60]:
        rows = rows.filter(_meant(text))
    exact = {
        "legal_form": said.get("form", ""),
        "state": said.get("state", ""),
        "provider__state": said.get("standing", ""),
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if category := said.get("category", ""):
        rows = rows.filter(provider__categories__contains=[category])
    return rows.order_by(SORTS.get(said.get("sort", ""), "name_pinyin"), "pk")


def _meant(text: str) -> Q:
    """By name, initials of the name, the code, or what is offered."""
    found = Q(name__icontains=text) | Q(credit_code=text.upper().replace(" ", ""))
    found |= Q(provider__services__icontains=text) | Q(resources__name__icontains=text)
    if text.isascii() and text.isalpha():
        found |= Q(name_initials__startswith=text.lower()) | Q(name_pinyin__startswith=text.lower())
    return Q(pk__in=Organization.objects.filter(found).order_by().values("pk"))


def _viewed(rows: OrganizationQuerySet, view: str) -> OrganizationQuerySet:
    today = timezone.localdate()
    if view == "located":
        return rows.filter(located=True)
    if view == "providers":
        return rows.filter(provider__isnull=False)
    if view == "waiting":
        return rows.filter(provider__state=ProviderState.APPLIED)
    if view == "papers":
        days = int(parameter("organizations.paper_warning_days"))
        ending = Paper.objects.expiring(today, days).order_by()
        return rows.filter(pk__in=ending.values("organization"))
    if view == "due":
        due = Organization.objects.due(today, int(parameter("organizations.review_days")))
        return rows.filter(pk__in=due.order_by().values("pk"))
    if view == "disputed":
        return rows.exclude(disputed=[])
    return rows


@dataclass(frozen=True)
class Waiting:
    """How many wait: applications, papers that end, yearly reviews, differing sources."""

    waiting: int
    papers: int
    due: int
    disputed: int


def waiting_for(actor: Actor, today: date) -> Waiting:
    """Counts of what the actor sees; each is a view of the list."""
    seen = Organization.objects.visible_to(actor)
    days = int(parameter("organizations.paper_warning_days"))
    papers = Paper.objects.visible_to(actor).expiring(today, days)
    applied = Provider.objects.visible_to(actor).filter(state=ProviderState.APPLIED)
    return Waiting(
        applied.count(),
        papers.order_by().values("organization").distinct().count(),
        seen.due(today, int(parameter("organizations.review_days"))).count(),
        seen.in_dispute().count(),
    )
