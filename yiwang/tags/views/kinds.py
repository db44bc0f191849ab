"""Care groups with their counts; kinds kept without code; the rules run."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.tags import actions
from yiwang.tags.forms import KindForm, initial_of
from yiwang.tags.models import RuleRun, TagKind
from yiwang.tags.reads import kinds_with_counts

from .door import place_asked, places_below, visible_kind


@require_GET
@allowed("tags.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Every kind the reader may know of, grouped, with counts in the place chosen."""
    place = place_asked(request)
    counts = kinds_with_counts(request.actor, place, timezone.localdate())
    groups: dict[str, list[Any]] = {}
    for one in counts:
        groups.setdefault(str(one.kind.get_group_display()), []).append(one)
    runs = RuleRun.objects.current(place)
    context = {
        "groups": groups,
        "place": place,
        "own": request.actor.division_id,
        "places": places_below(request),
        "where": Division.objects.get(pk=place),
        "run": runs.first(),
        "may_run": request.actor.has("tags.recompute"),
        "may_keep": request.actor.has("tags.kinds"),
        "may_visit": request.actor.has("tags.view"),
    }
    return render(request, "tags/kinds.html", context)


@require_POST
@allowed("tags.recompute")
def run_rules(request: StaffRequest) -> HttpResponse:
    """Run the rules over the reader's own place now."""
    place = get_object_or_404(Division, pk=request.actor.division_id)
    done = actions.recompute(place, by=request.actor)
    said = {"set": done.was_set, "ended": done.was_ended}
    messages.success(request, _("规则已运行：新设 %(set)s 个，结束 %(ended)s 个。") % said)
    return redirect("tags:kinds")


@require_http_methods(["GET", "POST"])
@allowed("tags.kinds")
def kind_new(request: StaffRequest) -> HttpResponse:
    """A kind of one's own."""
    return _kind_page(request, None)


@require_http_methods(["GET", "POST"])
@allowed("tags.kinds")
def kind_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A new version of a kind; the earlier ones stay readable."""
    return _kind_page(request, visible_kind(request, pk))


def _kind_page(request: StaffRequest, kind: TagKind | None) -> HttpResponse:
    form = KindForm(request.POST or None, initial=initial_of(kind) if kind else None)
    if kind is not None:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        city = Division.objects.get(pk=settings.CITY)
        try:
            saved = actions.save_kind(
                city,
                code=form.cleaned_data["code"],
                content=form.content(kind),
                by=request.actor,
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存“%(name)s”。") % {"name": saved.label})
            return redirect("tags:kinds")
    versions = kind.versions.all() if kind else []
    context = {"form": form, "kind": kind, "versions": versions}
    return render(request, "tags/kind.html", context, status=422 if form.errors else 200)
