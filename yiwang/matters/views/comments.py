"""The talk among colleagues about a matter, and where one was named (EXP-62)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models import Post
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.matters import actions
from yiwang.matters.forms.comments import CommentForm
from yiwang.matters.models import Comment, Matter, Mention

from .door import staff


@require_http_methods(["GET", "POST"])
@staff("matters.view", post="matters.comment")
def comments(request: StaffRequest, number: str) -> HttpResponse:
    """What was said, newest first, as far as the reader may read it."""
    rows = Matter.objects.visible_to(request.actor).select_related("item")
    matter = get_object_or_404(rows, number=number.replace("-", ""))
    form = CommentForm(request.POST or None, matter=matter, actor=request.actor)

    def act() -> None:
        actions.comment_matter(matter, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("已发出。")):
        return redirect("matters:comments", matter.number)
    said = Comment.objects.visible_to(request.actor).filter(matter=matter)
    said = said.prefetch_related("mentions__post__user")
    context: dict[str, Any] = {
        "matter": matter,
        "form": form,
        "page": Paginator(said, int(parameter("core.page_rows"))).get_page(request.GET.get("page")),
        "may": request.actor.may("matters.comment", matter),
    }
    return render(request, "matters/comments.html", context, status=422 if form.errors else 200)


@require_GET
@staff("matters.comment")
def mentions(request: StaffRequest) -> HttpResponse:
    """Where I was named; the new ones are marked, and read from now on."""
    rows = Mention.objects.visible_to(request.actor).select_related("comment__matter__item")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if any(one.read_at is None for one in shown):
        own = Post.objects.visible_to(request.actor).get(pk=request.actor.post_id or 0)
        actions.read_mentions(own, by=request.actor)
    return render(request, "matters/mentions.html", {"page": page, "rows": shown})
