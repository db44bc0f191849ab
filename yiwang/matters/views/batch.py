"""Several matters at once: what would happen to each is shown before anything does (EXP-25)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.core.reads import parameter
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.matters.reads.batch import chosen, own_step, tried

from .door import staff

# What can be done to several at once: words, whether it needs a text, and the right it asks.
WAYS: dict[str, tuple[Any, bool, str]] = {
    "take": (gettext_lazy("接收"), False, "matters.handle"),
    "urge": (gettext_lazy("催办"), True, "matters.urge"),
    "note": (gettext_lazy("记一笔"), True, "matters.note"),
}


def act_of(way: str, text: str, by: Actor) -> Callable[[Matter], Any]:
    """The act of one way on one matter."""
    if way == "take":
        return lambda matter: actions.take_step(own_step(matter, by), by=by)
    if way == "urge":
        return lambda matter: actions.urge_matter(matter, text=text, by=by)
    return lambda matter: actions.note_matter(matter, text=text, by=by)


def ways_of(actor: Actor) -> list[tuple[str, Any]]:
    """What this actor may do to several."""
    return [(key, label) for key, (label, _text, right) in WAYS.items() if actor.has(right)]


@require_POST
@staff("matters.view")
def batch(request: StaffRequest) -> HttpResponse:
    """First the preview, then - confirmed - the acts, each for itself."""
    way = request.POST.get("way", "")
    if way not in {key for key, _label in ways_of(request.actor)}:
        messages.error(request, _("请选择要做的事。"))
        return redirect("matters:list")
    most = int(parameter("core.page_rows_max"))
    matters = chosen(request.actor, request.POST.getlist("number"), most)
    if not matters:
        messages.error(request, _("请先勾选事项。"))
        return redirect("matters:list")
    label, needs_text, _right = WAYS[way]
    text = request.POST.get("text", "").strip()[:500]
    confirmed = request.POST.get("confirm") == "1" and (text or not needs_text)
    rows = tried(matters, act_of(way, text or "…", request.actor), keep=bool(confirmed))
    done = sum(row.done for row in rows)
    if confirmed:
        words = ngettext("已办 %(count)s 件。", "已办 %(count)s 件。", done)
        messages.success(request, words % {"count": done})
    context = {
        "way": way, "label": label, "needs_text": needs_text, "text": text, "rows": rows,
        "ready": done, "confirmed": confirmed,
        "text_missing": request.POST.get("confirm") == "1" and not confirmed,
    }  # fmt: skip
    return render(
        request, "matters/batch.html", context, status=422 if context["text_missing"] else 200
    )
