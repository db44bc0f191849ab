"""One application of an organisation for the holder of its number (DIV-12)."""

from typing import Any

from yiwang.organizations.models import Application, Event, Paper, Provider
from yiwang.organizations.rules.kinds import label_of, legal_forms, paper_kinds
from yiwang.organizations.rules.states import UNDECIDED, ProviderState


def application_of(number: str) -> Application | None:
    """The application of a number, for somebody who has proved to hold it."""
    rows = Application.objects.select_related("organization__division", "provider")
    return rows.filter(number=number).first()


def standing_of(found: Application) -> Provider | None:
    """The registration that rests on it; None once another application took its place."""
    standing: Provider | None = getattr(found, "provider", None)
    return standing


def progress_of_application(found: Application) -> dict[str, Any]:
    """What the page and the program say: state, papers sent with it, what is asked, the reason."""
    standing = standing_of(found)
    sent = Paper.objects.filter(
        organization=found.organization, created_at__gte=found.created_at
    ).exclude(file="")
    told = Event.objects.filter(
        organization=found.organization,
        topic=Event.Topic.PROVIDER,
        created_at__gte=found.created_at,
    ).order_by("-pk")
    last = told.first()
    papers = list(sent.current().order_by("kind"))
    form = legal_forms().get(found.organization.legal_form)
    needed = form.paper if form else ""
    held = Paper.objects.filter(organization=found.organization, kind=needed).current()
    lacking = needed and not held.exists()
    refused = standing is not None and standing.state == ProviderState.REFUSED
    return {
        "standing": standing,
        "open": standing is not None and standing.state in UNDECIDED,
        "correcting": standing is not None and standing.state == ProviderState.RETURNED,
        "papers": papers,
        "needed": label_of(paper_kinds(), needed) if lacking else "",
        "reason": last.reason if refused and last else "",
    }


def held_of(standing: Provider) -> dict[str, Any]:
    """What the form of corrections begins with; the contact is never shown."""
    one = standing.organization
    return {
        "name": one.name, "legal_form": one.legal_form, "credit_code": one.credit_code,
        "address": one.address, "categories": standing.categories, "services": standing.services,
        "hours": standing.hours, "phone": standing.phone,
        "areas": [str(key) for key in standing.served.values_list("division_id", flat=True)],
    }  # fmt: skip
