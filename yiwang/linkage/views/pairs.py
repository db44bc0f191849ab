"""The queue of pairs, and two records side by side."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.linkage import actions
from yiwang.linkage.actions.merging import survivor_of
from yiwang.linkage.forms import AnswerForm, PairFilter, RevealForm, places_under
from yiwang.linkage.models import Pair
from yiwang.linkage.reads.compared import lines_of, strongest
from yiwang.residents.models import all_fields
from yiwang.residents.rules.values import show_value

_SIDES: Final = ("left__division", "right__division", "left__dwelling", "right__dwelling")


@require_GET
@allowed("linkage.view")
def pairs(request: StaffRequest) -> HttpResponse:
    """疑似重复: the likeliest first."""
    form = _filter(request)
    rows = _filtered(request, form).select_related("division", *_SIDES).order_by("-score", "pk")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, _names(request, one), strongest(one)) for one in page.object_list],
        "upper": parameter("linkage.upper_percent"),
        "query": request.GET.urlencode(),
        "filtered": any(form.said(name) for name in form.fields),
    }
    return render(request, "linkage/pairs.html", context)


@require_GET
@allowed("linkage.view")
def pair(request: StaffRequest, pk: int) -> HttpResponse:
    """Side by side; answered by the keys 1, 2 and 3, or the buttons."""
    found = _visible(request, pk)
    return render(request, "linkage/pair.html", _context(request, found))


@require_POST
@allowed("linkage.review")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Same, different or unsure; then the next pair."""
    found = _visible(request, pk)
    form = AnswerForm(request.POST)
    form.is_valid()
    said = {name: value for name, value in form.cleaned_data.items() if value}
    following = _next(request, found)
    try:
        done = actions.answer_pair(found, **{"answer": "", **said}, by=request.actor)
    except Refused as refusal:
        context = {**_context(request, found), "refusal": refusal}
        return render(request, "linkage/pair.html", context, status=422)
    messages.success(request, _("已记录：%(answer)s。") % {"answer": done.get_answer_display()})
    merged = done.merges.filter(undone_at=None).first()
    if merged is not None:
        return redirect(merged)
    query = request.GET.urlencode()
    address = following.get_absolute_url() if following else reverse("linkage:pairs")
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@allowed("linkage.review")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """One field of both records in full, with the reason on record."""
    found = _visible(request, pk)
    form = RevealForm(request.POST)
    context = {**_context(request, found), "reveal": form}
    if form.is_valid():
        code = form.cleaned_data["field"]
        try:
            held = actions.reveal_pair(
                found, field=code, reason=form.cleaned_data["reason"], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            field = all_fields()[code]
            context["revealed"] = {
                "field": field,
                "left": show_value(field, held.get(found.left_id, "")),
                "right": show_value(field, held.get(found.right_id, "")),
            }
    return render(request, "linkage/pair.html", context, status=422 if form.errors else 200)


def _visible(request: StaffRequest, pk: int) -> Pair:
    rows = Pair.objects.visible_to(request.actor).select_related("division", *_SIDES)
    return get_object_or_404(rows, pk=pk)


def _context(request: StaffRequest, found: Pair) -> dict[str, Any]:
    actor = request.actor
    seen = found.sides_seen(actor)
    open_yet = found.answer in (Pair.Answer.OPEN, Pair.Answer.UNSURE)
    decides = actor.may("linkage.review", found)
    return {
        "pair": found,
        "seen": seen,
        "lines": lines_of(found, seen),
        "next": _next(request, found),
        "query": request.GET.urlencode(),
        "may": decides and open_yet,
        "may_reveal": decides and actor.may("residents.reveal", found),
        "elsewhere": not decides,
        "kept": survivor_of(found.left, found.right).pk,
        "reveal": RevealForm(),
        "key": uuid4().hex,
    }


def _next(request: StaffRequest, found: Pair) -> Pair | None:
    """The next one of the queue as it is filtered, whatever became of this one."""
    rows = _filtered(request, _filter(request)).exclude(pk=found.pk)
    later = Q(score__lt=found.score) | Q(score=found.score, pk__gt=found.pk)
    return rows.filter(later).order_by("-score", "pk").first()


def _names(request: StaffRequest, found: Pair) -> list[tuple[str, str, bool]]:
    """Name and community of both sides; of a side not seen the community alone."""
    sides = zip((found.left, found.right), found.sides_seen(request.actor), strict=True)
    return [
        (side.masked_name if seen else _("其他社区的居民"), side.division.label, seen)
        for side, seen in sides
    ]


def _filter(request: StaffRequest) -> PairFilter:
    place = Division.objects.get(pk=request.actor.division_id)
    said = request.GET.copy()
    said.setdefault("answer", Pair.Answer.OPEN)
    return PairFilter(said, places_under(place))


def _filtered(request: StaffRequest, form: PairFilter) -> QuerySet[Pair]:
    rows = Pair.objects.visible_to(request.actor)
    rows = rows.filter(answer=form.said("answer") or Pair.Answer.OPEN)
    if form.said("place"):
        area = range_of(int(form.said("place")))
        inside = (area.lo, area.hi)
        rows = rows.filter(Q(left__division_id__range=inside) | Q(right__division_id__range=inside))
    if form.said("band"):
        upper = parameter("linkage.upper_percent")
        strong = Q(score__gte=upper)
        rows = rows.filter(strong if form.said("band") == "strong" else ~strong)
    if form.said("reason"):
        field, _colon, level = form.said("reason").partition(":")
        rows = rows.filter(reasons__contains=[{"field": field, "level": level}])
    return rows
