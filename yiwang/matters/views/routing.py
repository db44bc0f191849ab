"""Routing rules: the ordered list, one rule, a dry run, and what would be nobody's (INF-08)."""

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
from yiwang.matters.actions import add_rule, end_rule, order_rule
from yiwang.matters.forms.lists import RuleFilter
from yiwang.matters.forms.routing import EndRuleForm, OrderRuleForm, RuleForm, TryForm
from yiwang.matters.models import RoutingRule
from yiwang.matters.reads.routing import Tried, dry_run, gaps
from yiwang.matters.rules.routing import RouteKind
from yiwang.matters.sheets import rules_workbook

from .door import staff

KINDS = {
    RouteKind.PLAN: "",
    RouteKind.SUBSTITUTE: "info",
    RouteKind.RULE: "brand",
    RouteKind.FALLBACK: "warn",
}


def narrowed_rules(request: StaffRequest, form: RuleFilter) -> QuerySet[RoutingRule]:
    """The rules the address asks for, in the order in which they are asked."""
    said, today = form.chosen, timezone.localdate()
    rows = RoutingRule.objects.visible_to(request.actor)
    if "q" in said:
        text = said["q"].strip()
        rows = rows.filter(
            Q(unit__name__contains=text) | Q(item__title__contains=text)
            | Q(reason__contains=text) | Q(division__name__contains=text)
        )  # fmt: skip
    if "kind" in said:
        rows = rows.filter(fallback=said["kind"] == "fallback")
    when = said.get("when", "")
    if when == "now":
        rows = rows.in_force(today)
    elif when:
        rows = rows.filter(
            **{"later": {"starts_on__gt": today}, "over": {"ends_on__lt": today}}[when]
        )
    return rows.select_related("item__category", "category", "unit", "division", "post__user")


@require_GET
@staff("matters.view")
def rules(request: StaffRequest) -> HttpResponse:
    """Every rule that reaches into the area; the first that fits is used."""
    form = RuleFilter(request.GET)
    page = Paginator(narrowed_rules(request, form), int(parameter("core.page_rows")))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page.get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "may_route": request.actor.has("matters.route"),
    }
    return render(request, "matters/rules.html", context)


@require_GET
@staff("matters.view")
def export(request: StaffRequest) -> HttpResponse:
    """The rules as filtered; on record."""
    rows = list(
        narrowed_rules(request, RuleFilter(request.GET))[: int(parameter("core.export_rows"))]
    )
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("matters.export", place, request.actor, {"rows": len(rows), "list": "routing"})
    about = f"{place.label} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(rules_workbook(rows, about), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="routing.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@staff("matters.route")
def new_rule(request: StaffRequest) -> HttpResponse:
    """A new rule of a place one answers for."""
    city = ancestor(request.actor.division_id, Depth.CITY)
    form = RuleForm(request.POST or None, city=city)
    made: list[RoutingRule] = []

    def act() -> None:
        made.append(add_rule(form.cleaned_data["place"], sending=form.sending(), by=request.actor))

    if carried_out(request, form, act, _("规则已保存，从开始日期起施行。")):
        return redirect(made[0])
    context = {"form": form, "key": uuid4().hex}
    return render(request, "matters/rule_new.html", context, status=422 if form.errors else 200)


def _rule(request: StaffRequest, pk: int) -> RoutingRule:
    rows = RoutingRule.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("item", "category", "unit", "division", "post__user"), pk=pk
    )


def _rule_page(request: StaffRequest, rule: RoutingRule, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    over = rule.ends_on is not None and rule.ends_on < today
    context = {
        "rule": rule,
        "today": today,
        "over": over,
        "sent": rule.steps.count(),
        "may_route": not over and request.actor.may("matters.route", rule),
        "order_form": OrderRuleForm(initial={"order": rule.order}),
        "end_form": EndRuleForm(),
        "key": uuid4().hex,
        **forms,
    }
    status = 422 if any(one.errors for one in forms.values()) else 200
    return render(request, "matters/rule.html", context, status=status)


@require_GET
@staff("matters.view")
def rule(request: StaffRequest, pk: int) -> HttpResponse:
    """One rule: what it asks for, where it sends, who made it and why."""
    return _rule_page(request, _rule(request, pk))


@require_POST
@staff("matters.route")
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a rule up or down."""
    found, form = _rule(request, pk), OrderRuleForm(request.POST)

    def act() -> None:
        order_rule(found, order=form.cleaned_data["order"], by=request.actor)

    if carried_out(request, form, act, _("次序已改。")):
        return redirect("matters:routing")
    return _rule_page(request, found, order_form=form)


@require_POST
@staff("matters.route")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End a rule; what it sent so far stays where it is."""
    found, form = _rule(request, pk), EndRuleForm(request.POST)

    def act() -> None:
        end_rule(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("规则已终止。")):
        return redirect(found)
    return _rule_page(request, found, end_form=form)


@require_GET
@staff("matters.view")
def try_out(request: StaffRequest) -> HttpResponse:
    """What would happen to this item for a resident of this place? Nothing is written."""
    form = TryForm(request.GET if "item" in request.GET else None)
    tried: list[Tried] = []
    place = None
    if form.is_valid():
        said = form.cleaned_data
        place = said["place"]
        tried = dry_run(said["item"], place.pk, said["channel"], timezone.localdate())
    context = {
        "form": form,
        "place": place,
        "rows": [(one, KINDS.get(one.way.kind, "") if one.way else "") for one in tried],
    }
    return render(request, "matters/rule_try.html", context)


@require_GET
@staff("matters.view")
def gap_list(request: StaffRequest) -> HttpResponse:
    """Where no unit stands that items name: caught by a fallback, or nobody's."""
    found = gaps(request.actor.see)
    page = Paginator(found, int(parameter("core.page_rows")))
    shown = page.get_page(request.GET.get("page"))
    codes = {one.unit for one in shown}
    named = Unit.objects.visible_to(request.actor).filter(code__in=codes).exclude(short_name="")
    names = dict(named.order_by("-division_id").values_list("code", "short_name"))
    context = {
        "page": shown,
        "rows": [(one, names.get(one.unit, one.unit)) for one in shown],
        "nobody": sum(one.owner is None for one in found),
        "may_route": request.actor.has("matters.route"),
    }
    return render(request, "matters/rule_gaps.html", context)
