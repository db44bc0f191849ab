"""Removing the demonstration data: asked twice, done once."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.forms import RemoveDemonstrationForm
from yiwang.console.reads.surroundings import demonstration, is_demonstration
from yiwang.core.memory import forget
from yiwang.divisions.models import Division


@require_http_methods(["GET", "POST"])
@allowed("core.demonstration")
def remove_demo(request: StaffRequest) -> HttpResponse:
    """What will be removed, and the name of the city typed as the confirmation.

    Raises Http404 where no demonstration data is loaded.
    """
    part = demonstration()
    if part is None or not is_demonstration():
        raise Http404(_("现在没有演示数据。"))
    city = Division.objects.visible_to(request.actor).get(pk=settings.CITY)
    request.actor.must("core.demonstration", city)
    form = RemoveDemonstrationForm(
        request.POST if request.method == "POST" else None, names={city.name, city.label}
    )
    if form.is_valid():
        part.remove(by=request.actor, progress=None)
        # The session went with the account it belonged to.
        request.session.flush()
        forget("console.")
        messages.success(request, _("演示数据已经清除。"))
        return redirect("/")
    status = 422 if form.is_bound else 200
    context = {"form": form, "city": city}
    return render(request, "console/remove_demo.html", context, status=status)
