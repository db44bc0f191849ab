"""Moves, births, deaths, absences and returns of one person, and where they are registered."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import (
    AwayForm,
    BirthForm,
    DeathForm,
    MoveForm,
    RegistrationForm,
    ReturnForm,
)
from yiwang.residents.models import Registration, Resident, Sex, Standing, Transfer

from .door import searched_resident, visible_resident
from .scope import community_asked, destination, form_status

# Title, what it means, and the word on the button of each page.
_WORDS: Final[dict[str, tuple[Any, Any, Any]]] = {
    "move": (
        gettext_lazy("%(name)s迁移"),
        gettext_lazy("整份档案随人转去，不用重新填写；迁往别的社区要由对方接收。"),
        gettext_lazy("办理迁移"),
    ),
    "deceased": (
        gettext_lazy("登记%(name)s去世"),
        gettext_lazy("档案从这一天起结束，只能查看；没有办完的事项请另行处理。"),
        gettext_lazy("登记去世"),
    ),
    "birth": (
        gettext_lazy("登记%(name)s的新生儿"),
        gettext_lazy("孩子编入母亲的家庭，母亲和所选的父亲记为监护人。"),
        gettext_lazy("登记出生"),
    ),
    "back": (
        gettext_lazy("%(name)s迁回"),
        gettext_lazy("原来的档案继续使用，不建第二份；原来的信息标为待确认。"),
        gettext_lazy("办理迁回"),
    ),
    "away": (
        gettext_lazy("登记%(name)s外出"),
        gettext_lazy("户籍仍在本地，人暂时在外；回来后登记返回。"),
        gettext_lazy("登记外出"),
    ),
    "home": (
        gettext_lazy("登记%(name)s返回"),
        gettext_lazy("外出结束，重新常住本地。"),
        gettext_lazy("登记返回"),
    ),
    "registration": (
        gettext_lazy("%(name)s的户籍"),
        gettext_lazy("户籍地与现住地不同的，列入人户分离名单；居住状态随之更新。"),
        gettext_lazy("保存"),
    ),
}


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of the city, or to another community: theirs to accept unless the clerk keeps both."""
    person = visible_resident(request, pk)
    form = MoveForm(request.POST or None)

    def do() -> HttpResponse:
        moved = _moved(request, person, form.cleaned_data)
        if isinstance(moved, Transfer):
            messages.success(request, _("已向对方社区提出，对方接收后档案整份转去。"))
            return redirect(moved)
        where = moved.label if moved else _("本市以外")
        messages.success(request, _("已迁往%(place)s，档案和经历一并转去。") % {"place": where})
        return redirect("residents:list")

    return _page(request, person, form, "move", do)


def _moved(
    request: StaffRequest, person: Resident, said: dict[str, Any]
) -> Transfer | Division | None:
    actor = request.actor
    to = destination(said["to"]) if said["to"] else None
    whole = said["whom"] == "household" and person.household is not None
    if to is None or (actor.enter.holds(to.pk) and not whole):
        actions.move_resident(
            person, to=to, on=said["on"], home_address=said["home_address"], by=actor
        )
        return to
    people = {"household": person.household} if whole else {"people": [person]}
    transfer = actions.offer_transfer(
        person.division, to=to, home_address=said["home_address"], reason=said["reason"],
        registration=said["registration"], by=actor, **people,
    )  # fmt: skip
    if actor.enter.holds(to.pk):
        transfer = actions.accept_transfer(transfer, on=said["on"], by=actor)
    return transfer


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def deceased(request: StaffRequest, pk: int) -> HttpResponse:
    """The record ends on the day of death; a household that loses its head gets another."""
    person = visible_resident(request, pk)
    led = person.household if person.household and person.household.head_id == person.pk else None
    people = Resident.objects.visible_to(request.actor).live()
    others = people.filter(household=led).exclude(pk=person.pk) if led else []
    form = DeathForm(request.POST or None, members=others)

    def do() -> HttpResponse:
        actions.mark_deceased(
            person, on=form.cleaned_data["on"], new_head=form.successor(), by=request.actor
        )
        messages.success(request, _("已登记去世，档案结束，经历保留。"))
        return redirect(person)

    return _page(request, person, form, "deceased", do)


@require_http_methods(["GET", "POST"])
@allowed("residents.add")
def birth(request: StaffRequest, pk: int) -> HttpResponse:
    """A newborn into the mother's household."""
    mother = visible_resident(request, pk)
    people = Resident.objects.visible_to(request.actor).live()
    men = people.filter(household=mother.household).exclude(pk=mother.pk).exclude(sex=Sex.FEMALE)
    form = BirthForm(request.POST or None, men=men if mother.household else [])

    def do() -> HttpResponse:
        said = form.cleaned_data
        child = actions.register_birth(
            mother, name=said["name"], sex=said["sex"], born_on=said["born_on"],
            identity_number=said["identity_number"], father=form.chosen_father(), by=request.actor,
        )  # fmt: skip
        messages.success(request, _("已登记出生，编入母亲的家庭，监护人已记下。"))
        return redirect(child)

    return _page(request, mother, form, "birth", do)


@require_http_methods(["GET", "POST"])
@allowed("residents.add")
def back(request: StaffRequest) -> HttpResponse:
    """Who had left the city is back (`?resident=`): the old record lives again, here or elsewhere.

    Another community finds the person by the identity number and comes here from there.
    """
    person = searched_resident(request)
    if person is None:
        return redirect("residents:transfer-ask")
    form = ReturnForm(request.POST or None)

    def do() -> HttpResponse:
        said = form.cleaned_data
        place = destination(said["place"], "place") if said["place"] else community_asked(request)
        actions.return_resident(
            place or person.division, resident=person, on=said["on"],
            home_address=said["home_address"], by=request.actor,
        )  # fmt: skip
        messages.success(request, _("已迁回，原来的档案继续使用。"))
        return redirect(person)

    return _page(request, person, form, "back", do)


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def away(request: StaffRequest, pk: int) -> HttpResponse:
    """Gone elsewhere for a time, or back again: whichever is not so yet."""
    person = visible_resident(request, pk)
    leaving = person.standing != Standing.AWAY
    form = AwayForm(request.POST or None)

    def do() -> HttpResponse:
        actions.set_away(person, away=leaving, on=form.cleaned_data["on"], by=request.actor)
        messages.success(request, _("已登记外出。") if leaving else _("已登记返回。"))
        return redirect(person)

    return _page(request, person, form, "away" if leaving else "home", do)


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def registration(request: StaffRequest, pk: int) -> HttpResponse:
    """Where somebody is registered."""
    person = visible_resident(request, pk)
    held = Registration.objects.visible_to(request.actor).filter(resident=person).first()
    form = RegistrationForm(request.POST or None, initial=_held(held))

    def do() -> HttpResponse:
        said = dict(form.cleaned_data)
        text = said.pop("division")
        division = destination(text, "division") if text else None
        actions.record_registration(person, division=division, **said, by=request.actor)
        messages.success(request, _("户籍已登记。"))
        return redirect(person)

    return _page(request, person, form, "registration", do)


def _held(held: Registration | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {
        "division": held.division.name if held.division else "", "outside": held.outside,
        "book": held.book, "relation": held.relation, "since": held.since,
    }  # fmt: skip


def _page(
    request: StaffRequest, person: Resident, form: Any, kind: str, do: Callable[[], HttpResponse]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return do()
        except Refused as refusal:
            refusal.blame(form)
    title, hint, button = _WORDS[kind]
    context = {
        "person": person, "form": form, "kind": kind, "hint": hint, "button": button,
        "title": title % {"name": person.masked_name},
        "danger": kind == "deceased",
    }  # fmt: skip
    return render(request, "residents/life.html", context, status=form_status(form))
