"""The same for many people of a list: looked at first, then done (EXP: bulk with preview)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import BatchForm
from yiwang.residents.models import Dwelling, Resident, Standing
from yiwang.residents.reads.housing import housemates

from .register import filter_form, filtered
from .scope import form_status, group_choices, group_named, groups_of

_SHOWN = 50


@dataclass(frozen=True)
class Preview:
    """What would happen: to whom, to whom not and why, and who else is concerned."""

    doing: list[Resident]
    skipped: list[Resident]
    why: str
    dwellings: int = 0
    others: int = 0


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def batch(request: StaffRequest) -> HttpResponse:
    """Choose what to do with the people picked (`pick`) or all of a filtered list (`all`)."""
    people = _people(request)
    places = {one.division_id for one in people}
    place = people[0].division if len(places) == 1 else None
    choices = group_choices(groups_of(request, place))
    form = BatchForm(request.POST or None, groups=choices)
    preview: Preview | None = None
    if request.method == "POST" and people and form.is_valid():
        preview = _preview(form.cleaned_data["act"], people)
        if "confirmed" in request.POST:
            try:
                done = _done(request, form.cleaned_data, place, preview)
            except Refused as refusal:
                refusal.blame(form)
            else:
                messages.success(request, done)
                return redirect("residents:list")
    context = {
        "people": people[:_SHOWN], "picks": [one.pk for one in people], "count": len(people),
        "most": int(parameter("residents.batch_people")), "form": form, "preview": preview,
        "place": place,
    }  # fmt: skip
    return render(request, "residents/people_batch.html", context, status=form_status(form))


def _people(request: StaffRequest) -> list[Resident]:
    """The people picked, or all the filters of the list leave; only of the reader's own area."""
    most = int(parameter("residents.batch_people"))
    asked = request.POST if request.method == "POST" else request.GET
    rows: QuerySet[Resident] = Resident.objects.visible_to(request.actor).live()
    if "all" in request.GET and request.method == "GET":
        rows = filtered(request, filter_form(request))
    else:
        keys = [int(text) for text in asked.getlist("pick") if text.isdecimal() and len(text) < 19]
        rows = rows.filter(pk__in=keys)
    rows = rows.select_related("division", "dwelling", "household")
    return list(rows.order_by("name_pinyin", "pk")[:most])


def _preview(act: str, people: list[Resident]) -> Preview:
    if act == "away":
        doing = [one for one in people if one.standing == Standing.REGISTERED]
        why = _("不是“户籍在本地”，不登记外出")
        return Preview(doing, [one for one in people if one not in doing], why)
    doing = [one for one in people if one.dwelling_id]
    keys = {one.dwelling_id for one in doing if one.dwelling_id}
    others = housemates(doing)
    skipped = [one for one in people if not one.dwelling_id]
    return Preview(doing, skipped, _("没有住址，不能编组"), len(keys), others)


def _done(
    request: StaffRequest, said: dict[str, Any], place: Division | None, preview: Preview
) -> str:
    actor = request.actor
    if said["act"] == "away":
        where = Division.objects.get(pk=actor.division_id)
        count = actions.mark_away(where, people=preview.doing, on=said["on"], by=actor)
        return _("已登记 %(count)s 人外出。") % {"count": count}
    if place is None:
        sentence = _("编组一次只能是一个社区的人。")
        raise Refused("several_places", sentence, {"group": sentence})
    group = group_named(request, place, said["group"])
    keys = {one.dwelling_id for one in preview.doing if one.dwelling_id}
    houses = Dwelling.objects.visible_to(actor).filter(pk__in=keys, division=place)
    count = actions.assign_group(place, group=group, dwellings=houses, by=actor)
    return _("已编 %(count)s 处住所，住在那里的人一起编入。") % {"count": count}
