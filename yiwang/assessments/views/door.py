"""What the pages share: whose assessment it is, and one way to ask for words before an act."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from yiwang.accounts.http import StaffRequest
from yiwang.assessments.models import PersonAssessment
from yiwang.core.doors import carried_out


def visible(request: StaffRequest, pk: int) -> PersonAssessment:
    """The assessment if the reader sees its place; else 404."""
    rows = PersonAssessment.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("resident__dwelling", "division", "scale", "again_of"), pk=pk
    )


def asked(
    request: StaffRequest,
    found: PersonAssessment,
    form: Any,
    act: Callable[[], object],
    words: dict[str, str],
) -> HttpResponse:
    """Ask, act, say so; `words` are title, hint, verb and done."""
    if carried_out(request, form, act, words["done"]):
        return redirect(found)
    context = {"assessment": found, "form": form, **words}
    return render(request, "assessments/ask.html", context, status=422 if form.errors else 200)
