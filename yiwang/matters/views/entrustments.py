"""The entrustment register: who lets which unit accept what, and until when (KSK-06)."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models import Unit
from yiwang.core.acts import record_line
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, ancestor
from yiwang.matters.actions import end_entrustment, give_entrustment, renew_entrustment
from yiwang.matters.forms.entrustment import EndEntrustmentForm, EntrustmentForm, RenewForm
from yiwang.matters.forms.lists import EntrustmentFilter
from yiwang.matters.models import Category, Entrustment, ServiceItem
from yiwang.matters.sheets import entrustments_workbook

from .door import staff

SORTS = ("ends_on", "-ends_on", "agent", "-agent", "authority", "-authority")


def state_of(one: Entrustment, today: date, soon: set[int]) -> tuple[str, str]:
    """In force, ending soon, not yet or over: the word and the colour of its chip."""
    if one.ended_at is not None:
        return (_("已终止"), "") if one.ends_on < today else (_("将提前终止"), "warn")
    if one.ends_on < today:
        return _("已到期"), "danger"
    if one.starts_on > today:
        return _("未生效"), "info"
    return (_("即将到期"), "warn") if one.pk in soon else (_("有效"), "ok")


def names_covered(rows: Iterable[Entrustment]) -> dict[int, list[str]]:
    """Names of the categories and items each entrustment covers, in two statements."""
    listed = list(rows)
    codes = {code for one in listed for code in one.items}
    kinds = {code for one in listed for code in one.categories}
    items = {one.code: one.label for one in ServiceItem.objects.filter(code__in=codes)}
    categories = {one.pk: one.label for one in Category.objects.filter(pk__in=kinds)}
    return {
        one.pk: [
            *(_("%(kind)s（整类）") % {"kind": categories.get(code, code)} for code in one.categories),
            *(items.get(code, code) for code in one.items),
        ]
        for one in listed
    }  # fmt: skip


def narrowed(request: StaffRequest, form: EntrustmentFilter) -> QuerySet[Entrustment]:
    """The entrustments the address asks for."""
    said, today = form.chosen, timezone.localdate()
    rows = Entrustment.objects.visible_to(request.actor)
    if "q" in said:
        text = said["q"].strip()
        items = ServiceItem.objects.filter(title__contains=text)
        rows = rows.filter(
            Q(authority__name__contains=text) | Q(agent__name__contains=text)
            | Q(agent__number__iexact=text)
            | Q(items__overlap=list(items.values_list("code", flat=True)))
            | Q(categories__overlap=list(items.values_list("category_id", flat=True)))
        )  # fmt: skip
    when = said.get("when", "")
    if when == "now":
        rows = rows.in_force(today)
    elif when == "soon":
        rows = rows.ending(today)
    elif when:
        rows = rows.filter(
            **{"later": {"starts_on__gt": today}, "over": {"ends_on__lt": today}}[when]
        )
    side = form.chosen.get("side")
    rows = rows.filter(**{f"{side}_id": request.actor.unit_id}) if side else rows
    sort = request.GET.get("sort", "")
    rows = rows.order_by(sort if sort in SORTS else "ends_on", "pk")
    return rows.select_related("authority", "agent", "place")


def _rows(shown: list[Entrustment], request: StaffRequest) -> list[tuple[Any, list[str], Any]]:
    today, covered = timezone.localdate(), names_covered(shown)
    mine = Entrustment.objects.visible_to(request.actor)
    soon = set(
        mine.ending(today).filter(pk__in=[one.pk for one in shown]).values_list("pk", flat=True)
    )
    return [(one, covered[one.pk], state_of(one, today, soon)) for one in shown]


@require_GET
@staff("matters.view")
def entrustments(request: StaffRequest) -> HttpResponse:
    """By and to the units of the area, what ends first on top."""
    form = EntrustmentFilter(request.GET)
    rows = narrowed(request, form)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    soon = Entrustment.objects.visible_to(request.actor).ending(timezone.localdate()).count()
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page,
        "rows": _rows(list(page), request),
        "soon": soon,
        "query": request.GET.urlencode(),
        "may_entrust": request.actor.has("matters.entrust"),
    }
    return render(request, "matters/entrustments.html", context)


@require_GET
@staff("matters.view")
def export(request: StaffRequest) -> HttpResponse:
    """The register as filtered; on record."""
    shown = list(
        narrowed(request, EntrustmentFilter(request.GET))[: int(parameter("core.export_rows"))]
    )
    rows = [(one, names, state[0]) for one, names, state in _rows(shown, request)]
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("matters.export", place, request.actor, {"rows": len(rows), "list": "entrustments"})
    about = f"{place.label} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(entrustments_workbook(rows, about), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="entrustments.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@staff("matters.entrust")
def new_entrustment(request: StaffRequest) -> HttpResponse:
    """Entrust items to a unit, in the name of the own or a lower authority."""
    city = ancestor(request.actor.division_id, Depth.CITY)
    initial = {"authority": request.actor.unit_id, "starts_on": timezone.localdate()}
    form = EntrustmentForm(request.POST or None, initial=initial, city=city)
    made: list[Entrustment] = []

    def act() -> None:
        said = form.cleaned_data
        made.append(
            give_entrustment(
                said["authority"], agent=said["agent"], terms=form.terms(), by=request.actor
            )
        )

    if carried_out(request, form, act, _("委托已登记，在期限内有效。")):
        return redirect(made[0])
    own = Unit.objects.visible_to(request.actor).filter(pk=request.actor.unit_id or 0)
    near = Unit.objects.open().within(request.actor.see).filter(code="kiosk").order_by("number")
    context = {"form": form, "own": own, "kiosks": near[:20], "key": uuid4().hex}
    status = 422 if form.errors else 200
    return render(request, "matters/entrustment_new.html", context, status=status)


def _found(request: StaffRequest, pk: int) -> Entrustment:
    rows = Entrustment.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("authority", "agent", "place", "renews", "renewal"), pk=pk
    )


def _page(request: StaffRequest, found: Entrustment, **forms: Any) -> HttpResponse:
    (_one, names, state), *_rest = _rows([found], request)
    actor, today = request.actor, timezone.localdate()
    may = actor.may("matters.entrust", found) and actor.may("matters.entrust", found.authority)
    renewal = getattr(found, "renewal", None)
    context = {
        "one": found,
        "names": names,
        "state": state,
        "renewal": renewal,
        "may_renew": may and renewal is None and found.ended_at is None,
        "may_end": may and found.ends_on >= today,
        "renew_form": RenewForm(),
        "end_form": EndEntrustmentForm(),
        "key": uuid4().hex,
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "matters/entrustment.html", context, status=status)


@require_GET
@staff("matters.view")
def entrustment(request: StaffRequest, pk: int) -> HttpResponse:
    """One entrustment with its terms and history."""
    return _page(request, _found(request, pk))


@require_POST
@staff("matters.entrust")
def renew(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on under the same terms."""
    found, form = _found(request, pk), RenewForm(request.POST)
    made: list[Entrustment] = []

    def act() -> None:
        made.append(renew_entrustment(found, **form.cleaned_data, by=request.actor))

    if carried_out(request, form, act, _("已续期，受托单位现在可以受理。")):
        return redirect(made[0])
    return _page(request, found, renew_form=form)


@require_POST
@staff("matters.entrust")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End it before its last day."""
    found, form = _found(request, pk), EndEntrustmentForm(request.POST)

    def act() -> None:
        end_entrustment(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("已登记终止；已受理的继续办完。")):
        return redirect(found)
    return _page(request, found, end_form=form)
