"""What the ten categories are called in this city, and were called before (SVC-17, EXP-32)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import carried_out
from yiwang.divisions.models import Division
from yiwang.matters.actions import rename_category
from yiwang.matters.forms.revision import CategoryForm
from yiwang.matters.models import Category

from .door import staff


@require_GET
@staff("matters.view")
def categories(request: StaffRequest) -> HttpResponse:
    """The ten with the word of the plan, the name of today and those before it."""
    context = {
        "categories": Category.objects.prefetch_related("names"),
        "may_keep": request.actor.has("matters.catalogue"),
    }
    return render(request, "matters/categories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("matters.catalogue")
def rename(request: StaffRequest, code: str) -> HttpResponse:
    """Another name from today on."""
    found = get_object_or_404(Category, pk=code)
    form = CategoryForm(
        request.POST or None, initial={"name": found.name, "name_en": found.name_en}
    )

    def act() -> None:
        city = Division.objects.get(pk=settings.CITY)
        rename_category(city, category=found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("类别名称已改，从今天起使用。")):
        return redirect("matters:categories")
    context = {"form": form, "category": found, "today": timezone.localdate()}
    status = 422 if form.errors else 200
    return render(request, "matters/category.html", context, status=status)
