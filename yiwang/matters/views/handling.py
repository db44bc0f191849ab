"""Each thing that may be done has an address of its own: a page without script, a dialog with."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models import Unit
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.rules import Depth, ancestor, range_of
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, Step

from .detail import detail_context, find_matter
from .door import staff
from .handlings import HANDLINGS, Handling
from .offers import Offer, offer_of

UNITS_SHOWN = 20
PICKS_UNIT = frozenset({"hand-on", "consult"})


@require_http_methods(["GET", "POST"])
@staff("matters.view")
def handle(request: StaffRequest, number: str, key: str, step: int | None = None) -> HttpResponse:
    """Show the form of one handling, or do it and go back to the matter."""
    matter = find_matter(number, request.actor)
    one = HANDLINGS.get(key)
    if one is None or one.of_step != (step is not None):
        raise Http404
    row = get_object_or_404(matter.steps.select_related("unit"), pk=step) if step else None
    if row:
        row.matter = matter
    request.actor.must(one.right, row or matter)
    if request.method == "POST":
        return _do(request, one, matter, row)
    return _page(request, offer_of(one, matter, row), matter)


def _do(request: StaffRequest, one: Handling, matter: Matter, step: Step | None) -> HttpResponse:
    form = one.form(request.POST, request.FILES, matter=matter, auto_id=f"{one.key}-%s")
    offer = offer_of(one, matter, step, form)
    if form.is_valid():
        try:
            one.do(offer.subject, by=request.actor, **_said(form))
        except Refused as error:
            put_refusal(form, error)
        else:
            messages.success(request, one.done)
            return redirect("matters:detail", matter.number)
    return _again(request, offer, matter)


def _said(form: Any) -> dict[str, Any]:
    if hasattr(form, "uploads"):
        papers = [HandedIn(code, upload=file or None) for code, file in form.uploads().items()]
        return {"answers": form.answers(), "materials": papers}
    said: dict[str, Any] = form.said()
    return said


def put_refusal(form: Any, error: Refused) -> None:
    """The sentence of a refusal beside the field at fault, or above the form."""
    named = [name for name in error.fields if name in form.fields]
    form.add_error(named[0] if named else None, str(error))


def _again(request: StaffRequest, offer: Offer, matter: Matter) -> HttpResponse:
    """What was typed, once more: in the dialog it came from or on its own page (422)."""
    if "in_dialog" not in request.POST:
        return _page(request, offer, matter, status=422)
    fresh = find_matter(matter.number, request.actor)
    context = detail_context(request, fresh, reopened=offer)
    return render(request, "matters/detail.html", context, status=422)


def _page(request: StaffRequest, offer: Offer, matter: Matter, status: int = 200) -> HttpResponse:
    context = {
        "matter": matter,
        "offer": offer,
        "key": uuid4().hex,
        "units": _units(request, matter) if offer.key in PICKS_UNIT else [],
    }
    return render(request, "matters/handle.html", context, status=status)


@require_GET
@staff("matters.hand_on")
def units(request: StaffRequest, number: str) -> HttpResponse:
    """Units of the city to hand a step on to, as the reader types."""
    matter = find_matter(number, request.actor)
    return render(request, "matters/parts/units.html", {"units": _units(request, matter)})


def _units(request: StaffRequest, matter: Matter) -> list[Unit]:
    """Without words: the units of this matter and of the place; with words: of the whole city."""
    words = clean_text(request.GET.get("unit_q", ""))
    city = range_of(ancestor(matter.division_id, Depth.CITY))
    rows = Unit.objects.offices().within(city).select_related("division")
    if not words:
        near = [ancestor(matter.division_id, level) for level in (Depth.TOWNSHIP, Depth.COUNTY)]
        rows = rows.filter(Q(pk__in=matter.units) | Q(division_id__in=near))
    return list(rows.named(words).order_by("-division_id", "pk")[:UNITS_SHOWN])


@require_GET
@staff("matters.hand_on")
def colleagues(request: StaffRequest, number: str) -> HttpResponse:
    """The people of a unit, to name one when handing on."""
    find_matter(number, request.actor)
    unit = request.GET.get("unit", "")
    rows = Unit.objects.offices().filter(pk=int(unit) if unit.isdecimal() else 0)
    posts = [post for one in rows for post in one.posts.filter(ends_on__isnull=True)]
    people = [(post.pk, post.user.name) for post in posts]
    context = {"people": people, "nobody": _("不指定，由单位接收")}
    return render(request, "matters/parts/colleagues.html", context)
