"""Shared resources and cooperation of a unit located in the community."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.organizations import actions
from yiwang.organizations.forms import CooperationForm, ResourceForm
from yiwang.organizations.models import Cooperation, Resource

from .door import acted, status_of, tapped, visible

TURNS: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    "end": (actions.end_resource, gettext_lazy("已停止共享，公开页面不再显示。")),
    "resume": (actions.resume_resource, gettext_lazy("已恢复共享。")),
}


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """One more resource."""
    one = visible(request, pk)
    form = ResourceForm(request.POST or None)

    def do() -> Resource:
        return actions.share_resource(one, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已登记，社区公开页面上可以看到。"), one)
    context = {"one": one, "form": form, "title": _("登记共享资源")}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Other hours, terms or telephone."""
    resource = _resource(request, pk)
    names = ("kind", "name", "hours", "conditions", "capacity", "phone")
    held = {name: getattr(resource, name) for name in names}
    form = ResourceForm(request.POST or None, initial=held)

    def do() -> Resource:
        return actions.change_resource(resource, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已保存。"), resource)
    context = {"one": resource.organization, "form": form, "title": resource.name}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


@require_POST
@allowed("organizations.change")
def turn(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """No longer shared, or shared again."""
    if what not in TURNS:
        raise Http404
    act, done = TURNS[what]
    resource = _resource(request, pk)
    return tapped(request, lambda: act(resource, by=request.actor), str(done), resource)


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def cooperation(request: StaffRequest, pk: int) -> HttpResponse:
    """Something done together."""
    one = visible(request, pk)
    form = CooperationForm(request.POST or None, initial={"on": timezone.localdate()})

    def do() -> Cooperation:
        return actions.record_cooperation(one, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已登记合作。"), one)
    context = {"one": one, "form": form, "title": _("登记合作")}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


def _resource(request: StaffRequest, pk: int) -> Resource:
    rows = Resource.objects.visible_to(request.actor).select_related("organization__division")
    return get_object_or_404(rows, pk=pk)
