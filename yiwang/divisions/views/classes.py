"""How a place counts towards the targets."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.core.errors import Refused
from yiwang.divisions.forms import ClassifyForm
from yiwang.divisions.models import Division

from .page import StaffRequest, allowed


@require_http_methods(["GET", "POST"])
@allowed("divisions.classify")
def classify(request: StaffRequest, key: int) -> HttpResponse:
    """Kind, urban core, kiosk phase and settlement, with reason, document and day."""
    rows = Division.objects.visible_to(request.actor).current()
    division = get_object_or_404(rows, pk=key)
    request.actor.must("divisions.classify", division)
    form = ClassifyForm(division, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.act(request.actor)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("分类已保存。"))
            return HttpResponseRedirect(division.get_absolute_url())
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "division": division}
    return render(request, "divisions/classify.html", context, status=status)
