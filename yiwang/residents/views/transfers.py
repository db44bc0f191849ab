"""Transfers between communities: both sides see them, one asks or offers, the other answers."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import AnswerForm, AskForm, OfferForm
from yiwang.residents.models import Resident, Transfer
from yiwang.residents.reads import find_residents, holder_of
from yiwang.residents.rules.query import Shape, read_query

from .door import searched_resident
from .households import members_of, visible_household
from .scope import community_asked, destination, form_status, place_choices

_LISTS = ("mine", "open", "done")


@require_GET
@allowed("residents.view")
def transfers(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's answer, what is under way, what is done."""
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in _LISTS else "open"
    rows = Transfer.objects.visible_to(request.actor)
    waiting = rows.awaiting(request.actor)
    found = {"mine": waiting, "open": rows.open(), "done": rows.exclude(state="open")}[chosen]
    found = found.select_related("origin", "destination", "household__head").prefetch_related(
        "people__resident"
    )
    page = Paginator(found, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "list": chosen,
        "waiting": waiting.count(),
        "today": timezone.localdate(),
        "tab": "transfers",
    }
    return render(request, "residents/transfers.html", context)


def _visible(request: StaffRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("origin", "destination", "household"), pk=pk)


@require_GET
@allowed("residents.view")
def transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """One transfer with its people and, for who is asked, the answer."""
    return _page(request, _visible(request, pk), AnswerForm())


def _page(request: StaffRequest, found: Transfer, form: AnswerForm) -> HttpResponse:
    actor = request.actor
    context: dict[str, Any] = {
        "transfer": found,
        "people": [one.resident for one in found.people.select_related("resident__household")],
        "form": form,
        "late": found.is_late(timezone.localdate()),
        "may_answer": found.is_open and actor.may("residents.change", found),
        "may_withdraw": found.is_open
        and actor.has("residents.change")
        and actor.enter.holds(found.asking_id),
        "see": actor.see,
    }
    return render(request, "residents/transfer.html", context, status=form_status(form))


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def transfer_ask(request: StaffRequest) -> HttpResponse:
    """Look for somebody another community holds (`?q=`), then ask for the record (`?resident=`)."""
    person = searched_resident(request)
    place = community_asked(request)
    context: dict[str, Any] = {"place": place, "places": place_choices(request)}
    if person is None:
        context |= _looked_for(request)
        return render(request, "residents/transfer_find.html", context)
    form = AskForm(request.POST or None)
    if request.method == "POST" and place is not None and form.is_valid():
        try:
            asked = _asked(request, place, person, dict(form.cleaned_data))
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已提出，对方同意后档案整份转来，不用重新填写。"))
            return redirect(asked)
    people = Resident.objects.searchable_by(request.actor).live()
    context |= {
        "person": person,
        "household_size": people.filter(household=person.household).count()
        if person.household
        else 0,
        "form": form,
        "key": request.POST.get("_key") or uuid4().hex,
    }
    return render(request, "residents/transfer_ask.html", context, status=form_status(form))


def _looked_for(request: StaffRequest) -> dict[str, Any]:
    """People elsewhere a text means, and whoever holds it as an identity number, gone or not."""
    text, actor = request.GET.get("q", "")[:60], request.actor
    found = find_residents(text, actor, everywhere=True, limit=50) if text else []
    query = read_query(text)
    holder = holder_of(query.text) if query.shape is Shape.IDENTITY else None
    if holder is not None and actor.search.holds(holder.division_id) and holder not in found:
        found.append(holder)
    return {"q": text, "found": found, "see": actor.see}


def _asked(
    request: StaffRequest, place: Division, person: Resident, said: dict[str, Any]
) -> Transfer:
    whole = said.pop("whom") == "household" and person.household is not None
    people: dict[str, Any] = {"household": person.household} if whole else {"people": [person]}
    return actions.ask_transfer(place, **said, **people, by=request.actor)


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def household_transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer a whole household to the community it has gone to."""
    home = visible_household(request, pk)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            to = destination(said.pop("to"))
            offered = actions.offer_transfer(
                home.division, to=to, household=home, **said, by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已向对方社区提出，对方接收后档案整份转去。"))
            return redirect(offered)
    context = {"form": form, "home": home, "members": members_of(request, home)}
    return render(request, "residents/transfer_offer.html", context, status=form_status(form))


@require_POST
@allowed("residents.change")
def transfer_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Accept, refuse, or take back what was asked."""
    found = _visible(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            done = _answered(request, found, form.cleaned_data)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, done)
            return redirect("residents:transfers")
    return _page(request, found, form)


def _answered(request: StaffRequest, found: Transfer, said: dict[str, Any]) -> str:
    actor = request.actor
    if "refuse" in request.POST:
        actions.refuse_transfer(found, reason=said["reason"], by=actor)
        return _("已答复不同意，对方会看到原因。")
    if "withdraw" in request.POST:
        side = found.destination if found.asked else found.origin
        actions.withdraw_transfer(side, transfer=found, by=actor)
        return _("已撤回。")
    actions.accept_transfer(found, on=said["on"], home_address=said["home_address"], by=actor)
    return _("已迁移，档案、事实和经历整份转去。")
