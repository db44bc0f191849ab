"""The review queue: what names could not decide, one question after another."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.core.errors import Refused
from yiwang.divisions.forms import ReviewFilter, ReviewForm
from yiwang.divisions.models import Review

from .page import PAGE_SIZE, StaffRequest, allowed


@require_GET
@allowed("divisions.review")
def queue(request: StaffRequest) -> HttpResponse:
    """Open questions first; decided ones on their own tab."""
    form = ReviewFilter(request.GET)
    rows = Review.objects.visible_to(request.actor).select_related("division__parent", "change")
    page = Paginator(form.narrow(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "state": form.shown, "query": request.GET.urlencode(),
        "open_count": rows.filter(state=Review.State.OPEN).count(), "chips": form.chips(),
    }  # fmt: skip
    return render(request, "divisions/review.html", context)


@require_http_methods(["GET", "POST"])
@allowed("divisions.review")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """One question: what is known, who may be meant, and the decision."""
    rows = Review.objects.visible_to(request.actor).select_related("division", "change")
    review = get_object_or_404(rows, pk=pk)
    form = ReviewForm(review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.act(request.actor)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已处理：%(name)s") % {"name": review.division.name})
            return HttpResponseRedirect(reverse("divisions:review"))
    status = 422 if form.is_bound and form.errors else 200
    context = {"review": review, "form": form}
    return render(request, "divisions/review_decide.html", context, status=status)
