"""Retention rules, what they would take today, and the lists of what was destroyed (EXP-22)."""

from typing import Any

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
from yiwang.personal import actions
from yiwang.personal.forms.staff import ListForm, RuleForm
from yiwang.personal.models import DestructionList, RetentionRule
from yiwang.personal.reads import DATA_CLASSES, due_counts


@require_GET
@allowed("personal.retention")
def retention(request: StaffRequest) -> HttpResponse:
    """The rules in force with a dry run beside them, and the lists, the waiting ones first."""
    lists = DestructionList.objects.visible_to(request.actor).select_related("rule")
    rows = lists.order_by("-state", "-pk")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    named = [(one, DATA_CLASSES[one.rule.data_class].name) for one in page]
    context = {"counts": due_counts(), "page": page, "lists": named}
    return render(request, "personal/retention.html", context)


@require_POST
@allowed("personal.retention")
def run(request: StaffRequest) -> HttpResponse:
    """Draw today's lists now instead of at night."""
    today = timezone.localdate()
    for one in RetentionRule.objects.visible_to(request.actor).in_force(today):
        actions.draw_list(one, on=today, by=request.actor)
    messages.success(request, _("清单已生成。"))
    return redirect("personal:retention")


@require_http_methods(["GET", "POST"])
@allowed("personal.retention")
def rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Another period from a day on; the history of the rule stays."""
    rules = RetentionRule.objects.visible_to(request.actor)
    held = get_object_or_404(rules, pk=pk)
    initial = {
        "days": held.days, "by_itself": held.by_itself, "source": held.source,
        "starts_on": timezone.localdate(),
    }  # fmt: skip
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_rule(held, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("新规则已发布。"))
            return redirect("personal:retention")
    context = {
        "rule": held, "form": form, "data_class": DATA_CLASSES[held.data_class],
        "versions": rules.filter(data_class=held.data_class),
    }  # fmt: skip
    return render(request, "personal/rule.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("personal.retention")
def destruction(request: StaffRequest, pk: int) -> HttpResponse:
    """One list: approve it, without what is ticked to be kept, or keep all of it; printable."""
    lists = DestructionList.objects.visible_to(request.actor).select_related("rule")
    drawn = get_object_or_404(lists, pk=pk)
    form = ListForm(request.POST or None)
    choice = request.POST.get("destroy")
    if request.method == "POST" and form.is_valid() and choice in {"yes", "no"}:
        keep = [int(one) for one in request.POST.getlist("keep") if one.isdecimal()]
        try:
            actions.decide_list(
                drawn, destroy=choice == "yes", why=form.cleaned_data["why"], keep=keep,
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            drawn.refresh_from_db()
            refusal.blame(form)
        else:
            messages.success(request, _("已处理并留痕。"))
            return redirect(drawn)
    size = int(parameter("core.page_rows_max"))
    context: dict[str, Any] = {
        "drawn": drawn, "form": form, "data_class": DATA_CLASSES[drawn.rule.data_class],
        "page": Paginator(drawn.items.all(), size).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "personal/destruction.html", context, status=422 if form.errors else 200)
