"""One resident: what is known and whence, the household, and everything that may be done."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.residents import actions
from yiwang.residents.forms import FactsForm, ResidentForm, RevealForm
from yiwang.residents.models import Household, Resident
from yiwang.residents.reads import (
    Known,
    dictionary,
    dossier,
    holder_of,
    known_fields,
    likely_duplicates,
    limits_on,
)
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import InvalidValue, clean_value, show_value

from .door import visible_resident
from .sources import rights_over

MATTERS: Final = 8


@dataclass(frozen=True)
class FactCell:
    """One cell of the facts grid."""

    field: Field
    known: Known | None
    limited: str = ""

    @property
    def masked(self) -> bool:
        return self.field.mask != "none"


def register_codes() -> list[str]:
    """Fields of the register in the order of the dictionary."""
    return [code for code, field in dictionary().items() if field.register]


@require_GET
@allowed("residents.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """居民档案: every fact with its source and date."""
    person = visible_resident(request, pk)
    heir = person.merged_into
    if heir is not None and request.actor.see.holds(heir.division_id):
        messages.info(request, _("这份档案已并入下面的档案。"))
        return redirect(heir)
    found = dossier(person, timezone.localdate())
    known = found.known
    limits = limits_on(person)
    cells = [
        FactCell(dictionary()[code], known.get(code), limits.why(code)) for code in register_codes()
    ]
    actor = request.actor
    context = {
        "person": person,
        "held": [cell for cell in cells if cell.known and cell.known.fresh],
        "stale": [cell for cell in cells if cell.known and not cell.known.fresh],
        "missing": [cell for cell in cells if not cell.known],
        "limits": limits,
        "members": _members(request, person),
        "history": person.life().select_related("from_division", "to_division"),
        "matters": _matters(request, person),
        "may": {**rights_over(request, person), "rights": actor.has("personal.view")},
        "undoable": found.undoable_by(actor),
        "accept": actor.has("matters.accept"),
        "key": uuid4().hex,
    }
    return render(request, "residents/detail.html", context)


def _members(request: StaffRequest, person: Resident) -> list[Resident]:
    if person.household is None:
        return []
    others = Resident.objects.visible_to(request.actor).live().filter(household=person.household)
    return list(others.select_related("dwelling").order_by("birth_year", "pk"))


def _matters(request: StaffRequest, person: Resident) -> list[Any] | None:
    """The latest matters of the person; None where no app keeps matters."""
    held = getattr(person, "matters", None)
    if held is None:
        return None
    return list(held.visible_to(request.actor).order_by("-pk")[:MATTERS])


@require_http_methods(["GET", "POST"])
@allowed("residents.add")
def new(request: StaffRequest) -> HttpResponse:
    """Enter somebody; a number held already blocks, a likeness asks."""
    area = request.actor.enter
    form = ResidentForm(request.POST or None, area=area)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            person = _entered(form, request)
        except Refused as refusal:
            refusal.blame(form)
            if refusal.code == "maybe_collected":
                form.ask_if_new()
                said = form.cleaned_data
                context |= _alike(
                    request,
                    number="",
                    name=said["name"],
                    born=said["born_on"].isoformat() if said["born_on"] else "",
                    phone=_typed("phone", said["phone"]),
                    place=str(said["place"].pk),
                )
        else:
            messages.success(request, _("已登记 %(name)s。") % {"name": person.masked_name})
            return redirect(person)
    context |= {"form": form, "key": request.POST.get("_key") or uuid4().hex}
    return render(request, "residents/new.html", context, status=422 if form.errors else 200)


def _entered(form: ResidentForm, request: StaffRequest) -> Resident:
    said = form.cleaned_data
    household = None
    if said["household"]:
        homes = Household.objects.visible_to(request.actor)
        household = homes.filter(division=said["place"], number=said["household"]).first()
        if household is None:
            sentence = _("%(place)s没有户号 %(number)s。") % {
                "place": said["place"].label, "number": said["household"],
            }  # fmt: skip
            raise Refused("no_household", sentence, {"household": sentence})
    return actions.add_resident(
        said["place"],
        name=said["name"],
        values=form.values(),
        standing=said["standing"],
        household=household,
        relation=said["relation"],
        source=said["source"],
        surely_new=said["surely_new"],
        by=request.actor,
    )


@require_GET
@allowed("residents.add")
def check(request: StaffRequest) -> HttpResponse:
    """While someone types: whether the person is in the register already (INF-03)."""
    number = _typed("identity_number", request.GET.get("identity_number", ""))
    born = _typed("born_on", request.GET.get("born_on", ""))
    context = _alike(
        request,
        number=number,
        name=_typed("name", request.GET.get("name", "")),
        born=born,
        phone=_typed("phone", request.GET.get("phone", "")),
        place=request.GET.get("place", ""),
    )
    return render(request, "residents/parts/check.html", context)


def _alike(
    request: StaffRequest, *, number: str, name: str, born: str, phone: str, place: str
) -> dict[str, Any]:
    """Who holds the number; else who may be meant, the likeliest first."""
    holder = holder_of(number)
    born_on = date.fromisoformat(born) if born else None
    key = int(place) if place.isdecimal() and len(place) <= 12 else None
    alike = [] if holder else likely_duplicates(
        name=name, born_on=born_on, phone=phone, division_id=key
    )  # fmt: skip
    return {
        "holder": holder,
        "alike": alike,
        "see": request.actor.see,
        "typed": {"name": name, "born": born_on, "phone": phone},
    }


def _typed(code: str, text: str) -> str:
    """What is typed so far if it is a value already, else nothing."""
    try:
        return clean_value(dictionary()[code], text)
    except InvalidValue:
        return ""


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct one field (`?field=phone`) or all of them."""
    person = visible_resident(request, pk)
    codes = _asked_codes(request)
    known = known_fields(person, codes, timezone.localdate())
    form = FactsForm(request.POST or None, codes=codes, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_resident(
                person, changes=form.changes(), source=form.cleaned_data["source"],
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            _say_corrected(request, person, form.changes())
            return redirect(person)
    context = {"form": form, "person": person, "one": len(codes) == 1}
    return render(request, "residents/edit.html", context, status=422 if form.errors else 200)


def _say_corrected(request: StaffRequest, person: Resident, changes: dict[str, str]) -> None:
    """What a more trusted source still holds otherwise is named, so that nobody wonders."""
    known = known_fields(person, changes, timezone.localdate())
    kept = [
        one.field.label for code, one in known.items() if one.value != _typed(code, changes[code])
    ]
    if not kept:
        messages.success(request, _("已更正。"))
        return
    sentence = _(
        "已记下，但%(fields)s另有更可信的来源，仍以它为准；要改以这次为准，请到“来源”里核定。"
    )
    messages.warning(request, sentence % {"fields": "、".join(kept)})


def _asked_codes(request: StaffRequest) -> list[str]:
    asked = [code for code in request.GET.getlist("field") if code in dictionary()]
    return [code for code in asked if dictionary()[code].register] or register_codes()


@require_POST
@allowed("residents.confirm")
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """One tap: the value is still right."""
    person = visible_resident(request, pk)
    try:
        actions.confirm_field(person, field=request.POST.get("field", ""), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已确认，信息从今天起有效。"))
    return redirect(person)


@require_http_methods(["GET", "POST"])
@allowed("residents.reveal")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Look behind the mask: asks for the reason, then shows the value once."""
    person = visible_resident(request, pk)
    field = dictionary().get(request.GET.get("field", ""))
    field = field or dictionary()["phone"]
    number = request.GET.get("record", "")
    record = int(number) if number.isdecimal() and len(number) < 19 else None
    form = RevealForm(request.POST or None)
    context: dict[str, Any] = {"person": person, "field": field, "form": form, "record": record}
    if request.method == "POST" and form.is_valid():
        try:
            value = actions.reveal_field(
                person, field=field.code, reason=form.cleaned_data["reason"], record=record,
                by=request.actor,
            )  # fmt: skip
            context["value"] = show_value(field, value)
        except Refused as refusal:
            refusal.blame(form)
    template = "residents/parts/reveal.html" if request.htmx else "residents/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)
