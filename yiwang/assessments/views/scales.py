"""The scored forms: in force, earlier, on paper; the next version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.assessments import actions
from yiwang.assessments.forms import ScaleForm, content_as_text
from yiwang.assessments.models import Scale
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.reads import dictionary


@require_GET
@allowed("assessments.view")
def scales(request: StaffRequest) -> HttpResponse:
    """Every version of every form."""
    in_force = set(
        Scale.objects.public().in_force(timezone.localdate()).values_list("pk", flat=True)
    )
    rows = [(one, one.pk in in_force) for one in Scale.objects.public()]
    context = {"rows": rows, "may_publish": request.actor.has("assessments.scales")}
    return render(request, "assessments/scales.html", context)


@require_GET
@allowed("assessments.view")
def scale(request: StaffRequest, pk: int) -> HttpResponse:
    """One version: items, grades, subsidies; printed it is the paper form."""
    found = get_object_or_404(Scale.objects.public(), pk=pk)
    form = found.form
    names = {code: dictionary()[code] for code in form.facts if code in dictionary()}
    subsidies = [
        (
            one,
            [grade.label for grade in form.grades if grade.code in one.grades],
            [
                (names[code].label, [c.label for c in names[code].choices if c.code in values])
                for code, values in (one.when or {}).items()
                if code in names
            ],
        )
        for one in form.subsidies
    ]
    context = {
        "scale": found, "form": form, "facts": list(names.values()), "subsidies": subsidies,
        "may_publish": request.actor.has("assessments.scales"),
    }  # fmt: skip
    return render(request, "assessments/scale.html", context)


@require_http_methods(["GET", "POST"])
@allowed("assessments.scales")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """The next version, begun with the content of this one."""
    found = get_object_or_404(Scale.objects.public(), pk=pk)
    form = ScaleForm(request.POST or None, initial={"content": content_as_text(found)})
    if request.method == "POST" and form.is_valid():
        city = Division.objects.get(pk=found.division_id)
        try:
            made = actions.publish_scale(city, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("第 %(number)s 版已发布。") % {"number": made.number})
            return redirect(made)
    context = {"scale": found, "form": form}
    return render(request, "assessments/publish.html", context, status=422 if form.errors else 200)
