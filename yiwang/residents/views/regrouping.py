"""Acts on a whole household: a new head, splitting, merging, and taking them back."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.residents import actions
from yiwang.residents.forms import HeadForm, MergeForm, SplitForm
from yiwang.residents.models import Household, HouseholdChange

from .households import members_of, visible_household
from .scope import form_status

# Title, what it means, and the word on the button of each page.
_WORDS: Final[dict[str, tuple[Any, Any, Any]]] = {
    "head": (
        gettext_lazy("户号 %(number)s 更换户主"),
        gettext_lazy("各人与户主的关系随之换算，拿不准的记为“其他”，请核对。"),
        gettext_lazy("更换户主"),
    ),
    "split": (
        gettext_lazy("户号 %(number)s 分户"),
        gettext_lazy("选中的人组成新的一户，档案不动；做错了可以撤销。"),
        gettext_lazy("分户"),
    ),
    "merge": (
        gettext_lazy("户号 %(number)s 并户"),
        gettext_lazy("全户并入另一户，本户销户，户号保留；做错了可以撤销。"),
        gettext_lazy("并户"),
    ),
}


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def head(request: StaffRequest, pk: int) -> HttpResponse:
    """Another member becomes the head."""
    home = visible_household(request, pk)
    form = HeadForm(request.POST or None, members=members_of(request, home))

    def do() -> None:
        said = form.cleaned_data
        actions.change_head(home, head=form.member("head"), on=said["on"], by=request.actor)

    done = _("户主已更换，请核对各人与户主的关系。")
    return _one(request, home, form, "head", do, done)


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """Some members begin a household of their own."""
    home = visible_household(request, pk)
    form = SplitForm(request.POST or None, members=members_of(request, home))

    def do() -> None:
        said = form.cleaned_data
        actions.split_household(
            home, people=[form.members[key] for key in said["people"]], head=form.member("head"),
            number=said["number"], address=said["address"], on=said["on"], by=request.actor,
        )  # fmt: skip

    return _one(request, home, form, "split", do, _("已分户。做错了可以在本页下方撤销。"))


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody joins another household; this one ends."""
    home = visible_household(request, pk)
    form = MergeForm(request.POST or None)

    def do() -> None:
        said = form.cleaned_data
        into = _numbered(request, home, said["into"])
        actions.merge_households(home, into=into, on=said["on"], by=request.actor)

    return _one(request, home, form, "merge", do, _("已并户，本户销户。做错了可以在本页下方撤销。"))


@require_POST
@allowed("residents.change")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a change back."""
    home = visible_household(request, pk)
    asked = request.POST.get("change", "")
    changes = HouseholdChange.objects.visible_to(request.actor).filter(household=home)
    change = get_object_or_404(changes, pk=int(asked) if asked.isdecimal() else 0)
    try:
        actions.undo_household_change(home, change=change, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销，恢复到变动以前。"))
    return redirect(home)


def _one(
    request: StaffRequest,
    home: Household,
    form: Any,
    kind: str,
    do: Callable[[], None],
    done: str,
) -> HttpResponse:
    if carried_out(request, form, do, done):
        return redirect(home)
    title, hint, button = _WORDS[kind]
    context = {
        "form": form, "home": home, "hint": hint, "button": button,
        "title": title % {"number": home.number},
    }  # fmt: skip
    return render(request, "residents/household_act.html", context, status=form_status(form))


def _numbered(request: StaffRequest, home: Household, number: str) -> Household:
    rows = Household.objects.visible_to(request.actor).filter(ended_on__isnull=True)
    found = rows.filter(division_id=home.division_id, number=number).first()
    if found is None:
        sentence = _("%(place)s没有户号 %(number)s。") % {
            "place": home.division.label, "number": number,
        }  # fmt: skip
        raise Refused("no_household", sentence, {"into": sentence})
    return found
