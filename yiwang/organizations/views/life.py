"""What becomes of an organisation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.organizations import actions
from yiwang.organizations.forms import RelocateForm, StateForm
from yiwang.organizations.models import Organization

from .door import acted, status_of, visible


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """Paused, ended, or there again."""
    one = visible(request, pk)
    form = StateForm(request.POST or None, state=one.state)

    def do() -> Organization:
        return actions.move_state(one, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已登记。"), one)
    context = {"one": one, "form": form, "title": _("变更状态")}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """To another community of the reader's area."""
    one = visible(request, pk)
    form = RelocateForm(request.POST or None, area=request.actor.enter)

    def do() -> Organization:
        return actions.relocate(one, **form.cleaned_data, by=request.actor)

    answer = acted(request, form, do, _("已迁到新的社区，请核对地址。"), one)
    context = {"one": one, "form": form, "title": _("迁到别的社区")}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))
