"""The work list as one wants it: views kept under a name, and which columns it has (EXP-25)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models import Post
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.forms.comments import ViewForm
from yiwang.matters.models import Matter, SavedView

from .door import staff

COLUMNS = {
    "person": gettext_lazy("居民"),
    "channel": gettext_lazy("来源"),
    "state": gettext_lazy("状态"),
    "category": gettext_lazy("类别"),
    "place": gettext_lazy("区划"),
    "acceptor": gettext_lazy("受理单位"),
}
FIRST = ("person", "channel", "state")
# What a page or its cursor is no part of.
_PASSING = ("page", "after", "before", "w")


def columns_of(query: QueryDict) -> list[str]:
    """The columns the address asks for, in their own order; the usual ones when it names none."""
    asked = [key for key in COLUMNS if key in query.getlist("cols")]
    return asked or list(FIRST)


def with_views(rows: QuerySet[Matter], actor: Actor) -> QuerySet[Matter]:
    """The rows of the list, each with the reader's views: no statement of their own."""
    kept: Any = SavedView.objects.visible_to(actor).order_by("pk")
    said = kept.values_list(JSONObject(pk="pk", name="name", query="query"), flat=True)
    return rows.annotate(kept_views=ArraySubquery(said))


def tools(request: StaffRequest, rows: list[Matter]) -> dict[str, Any]:
    """What the work list shows of views and columns; `rows` are those of `with_views`."""
    kept = request.GET.copy()
    for name in _PASSING:
        kept.pop(name, None)
    shown = columns_of(request.GET)
    query = kept.urlencode()
    if rows:
        views: Any = rows[0].kept_views  # type: ignore[attr-defined]
    else:
        views = list(SavedView.objects.visible_to(request.actor).values("pk", "name", "query"))
    return {
        "columns": shown,
        "column_choices": [(key, label, key in shown) for key, label in COLUMNS.items()],
        "views": [(view, view["query"] == query) for view in views],
        "view_query": query,
        "may_keep": request.actor.has("matters.keep_view"),
    }


@require_POST
@staff("matters.keep_view")
def save(request: StaffRequest) -> HttpResponse:
    """Keep what the list shows under a name."""
    form, query = ViewForm(request.POST), QueryDict(request.POST.get("query", "")[:1000])
    own = get_object_or_404(Post.objects.visible_to(request.actor), pk=request.actor.post_id or 0)
    said = urlencode([(key, one) for key in query for one in query.getlist(key)])

    def act() -> None:
        actions.save_view(own, name=form.cleaned_data["name"], query=said, by=request.actor)

    if not carried_out(request, form, act, _("视图已保存。")):
        messages.error(
            request, " ".join(str(one) for group in form.errors.values() for one in group)
        )
    return redirect(f"{reverse('matters:list')}?{said}")


@require_POST
@staff("matters.keep_view")
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    try:
        actions.drop_view(view, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("视图已删除。"))
    return redirect("matters:list")
