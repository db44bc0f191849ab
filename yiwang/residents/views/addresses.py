"""Addresses that need a person's eye, each with what it may mean."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import AddressForm
from yiwang.residents.models import AddressQuestion, Dwelling
from yiwang.residents.models.household import PARTS
from yiwang.residents.reads.housing import homes

from .scope import form_status


@require_GET
@allowed("residents.view")
def addresses(request: StaffRequest) -> HttpResponse:
    """The open questions of the reader's area, and how many addresses nobody has read yet."""
    actor = request.actor
    rows = AddressQuestion.objects.visible_to(actor).filter(state="open")
    page = Paginator(
        rows.select_related("dwelling", "division").order_by("division_id", "pk"),
        int(parameter("core.page_rows")),
    ).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "unread": Dwelling.objects.visible_to(actor).filter(read=False).count(),
        "may_change": actor.has("residents.change"),
        "tab": "addresses",
    }
    return render(request, "residents/addresses.html", context)


@require_POST
@allowed("residents.change")
def addresses_read(request: StaffRequest) -> HttpResponse:
    """Read what nobody has read yet."""
    place = Division.objects.get(pk=request.actor.division_id)
    read = actions.review_addresses(place, by=request.actor)
    messages.success(request, _("已核读 %(count)s 个地址，看不准的列在下面。") % {"count": read})
    return redirect("residents:addresses")


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def address(request: StaffRequest, pk: int) -> HttpResponse:
    """One question: the address, what was read of it, and the person's answer."""
    rows = AddressQuestion.objects.visible_to(request.actor).select_related("dwelling", "division")
    question = get_object_or_404(rows, pk=pk)
    form = AddressForm(request.POST or None, initial=question.suggestion.get("parts"))
    twins = Dwelling.objects.visible_to(request.actor)
    twin = twins.filter(pk=question.suggestion.get("twin", 0)).first()
    if request.method == "POST" and form.is_valid():
        parts = {name: form.cleaned_data[name] for name in PARTS}
        try:
            if "merge" in request.POST and twin is not None:
                actions.merge_dwellings(question.dwelling, into=twin, by=request.actor)
            else:
                actions.settle_address(question, parts=parts, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已核对。"))
            return redirect("residents:addresses")
    places = Division.objects.filter(pk__in=question.suggestion.get("places", []))
    context = {
        "question": question,
        "form": form,
        "twin": twin,
        "places": list(places.order_by("key")),
        "home": homes([question.dwelling])[0],
    }
    return render(request, "residents/address.html", context, status=form_status(form))
