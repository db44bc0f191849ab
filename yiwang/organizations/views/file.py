"""The file of one organisation: items with their sources, what it shares and serves, its history."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.organizations import actions
from yiwang.organizations.forms import DecideForm, ReasonForm
from yiwang.organizations.models import (
    Cooperation,
    Event,
    Merge,
    Organization,
    Paper,
    next_review,
)
from yiwang.organizations.reads import dossier
from yiwang.organizations.rules.fields import FIELDS
from yiwang.organizations.rules.kinds import checks, label_of
from yiwang.organizations.rules.states import PROVIDER_MOVES, LifeState, ProviderState

from .door import acted, status_of, tapped, visible

RIGHTS = ("change", "reveal", "decide", "approve", "merge")


def rights_over(request: StaffRequest, one: Organization) -> dict[str, bool]:
    """What the reader may do with this record."""
    return {right: request.actor.may(f"organizations.{right}", one) for right in RIGHTS}


@require_GET
@allowed("organizations.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that is known and may be done."""
    one = visible(request, pk)
    today, days = timezone.localdate(), int(parameter("organizations.review_days"))
    provider = getattr(one, "provider", None)
    due = next_review(one.reviewed_on, days) if one.located else None
    warning = int(parameter("organizations.paper_warning_days"))
    context: dict[str, Any] = {
        "one": one,
        "items": dossier(one).items,
        "resources": one.resources.order_by("ended_on", "kind", "pk"),
        "cooperations": Cooperation.of(one)[:20],
        "provider": provider,
        "areas": list(provider.areas.order_by("pk")) if provider else [],
        "checked": [label_of(checks(), code) for code in provider.checked] if provider else [],
        "ways": _ways(provider.state) if provider else [],
        "papers": one.papers.filter(replaced=False).order_by("kind"),
        "ending": set(
            Paper.objects.visible_to(request.actor).expiring(today, warning).values_list(
                "pk", flat=True
            )
        ),
        "events": [(event, _words(event)) for event in Event.history(one)[:40]],
        "merges": Merge.objects.visible_to(request.actor).filter(survivor=one, undone_at=None),
        "review_due": due,
        "overdue": due is not None and due < today,
        "today": today,
        "may": rights_over(request, one),
        "live": one.is_live,
    }  # fmt: skip
    return render(request, "organizations/detail.html", context)


def _ways(state: str) -> list[str]:
    return [one.value for one in ProviderState if one in PROVIDER_MOVES.get(state, frozenset())]


def _words(event: Event) -> str:
    """The state an event led to, in words."""
    known: dict[str, Any] = dict(LifeState.choices if event.topic == "life" else ())
    known |= dict(ProviderState.choices if event.topic == "provider" else ())
    return str(known.get(event.state, event.state))


@require_POST
@allowed("organizations.change")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything is still right: the yearly look."""
    one = visible(request, pk)
    return tapped(
        request, lambda: actions.review_organization(one, by=request.actor),
        _("已复核，各项信息确认无误。"), one,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("organizations.reveal")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """The contact behind the mask: asks for the reason, then shows it once."""
    one = visible(request, pk)
    form = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"one": one, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            shown = actions.reveal_contact(
                one, reason=form.cleaned_data["reason"], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            context["shown"] = [(FIELDS[code].label, text) for code, text in shown.items()]
    return render(request, "organizations/reveal.html", context, status=status_of(form))


@require_GET
@allowed("organizations.view")
def records(request: StaffRequest, pk: int) -> HttpResponse:
    """Every arrival, newest first: who told what, when, and what became of it."""
    one = visible(request, pk)
    found = dossier(one)
    told = {
        record.pk: [word for item in found.items for word in item.words if word.record is record]
        for record in found.records
    }
    context = {
        "one": one,
        "arrivals": [(record, told[record.pk]) for record in reversed(found.records)],
        "undoable": found.undoable_by(request.actor.user_id) if one.is_live else 0,
        "may": rights_over(request, one),
    }
    return render(request, "organizations/records.html", context)


@require_POST
@allowed("organizations.change")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back the last word of one's own."""
    one = visible(request, pk)
    text = request.POST.get("record", "")
    number = int(text) if text.isdecimal() and len(text) < 19 else 0
    return tapped(
        request, lambda: actions.undo_record(one, record=number, by=request.actor),
        _("已撤回，恢复为此前的内容。"), one,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("organizations.view", post="organizations.decide")
def item(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    """One item: what stands, what every source said; one tap lets another word stand."""
    one = visible(request, pk)
    if field not in FIELDS:
        raise Http404
    form = DecideForm(request.POST or None)

    def do() -> Organization:
        return actions.decide_item(one, field=field, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已核定，从现在起以此为准。"), one)
    context = {
        "one": one,
        "item": dossier(one).item(field),
        "form": form,
        "may_decide": one.is_live and request.actor.may("organizations.decide", one),
    }
    return answer or render(request, "organizations/field.html", context, status=status_of(form))
