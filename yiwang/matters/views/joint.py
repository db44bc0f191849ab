"""Opinions asked of the own unit, and what the page of a matter tells of joint work and routing."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.core.rules import numbers
from yiwang.matters.actions import give_opinion
from yiwang.matters.forms.joint import OpinionForm
from yiwang.matters.models import Event, Matter, Opinion, Step
from yiwang.matters.reads import opinions_of
from yiwang.matters.rules import Channel, EventKind

from .door import staff
from .worklist import CHANNEL_ICONS


@require_GET
@staff("matters.view")
def opinions(request: StaffRequest) -> HttpResponse:
    """What my unit was asked, the nearest limit first; or what it has answered."""
    done = request.GET.get("tab") == "done"
    rows = Opinion.objects.visible_to(request.actor).filter(unit_id=request.actor.unit_id or 0)
    rows = rows.filter(given_at__isnull=False).order_by("-given_at") if done else rows.waiting()
    rows = rows.select_related("matter__item", "matter__resident", "step__unit")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {"page": page, "done": done, "now": timezone.now()}
    return render(request, "matters/opinions.html", context)


@require_http_methods(["GET", "POST"])
@staff("matters.view", post="matters.handle")
def opinion(request: StaffRequest, pk: int) -> HttpResponse:
    """What is asked about which matter, and the answer."""
    rows = Opinion.objects.visible_to(request.actor)
    found = get_object_or_404(rows.select_related("matter__item", "unit", "step__unit"), pk=pk)
    form = OpinionForm(request.POST or None)

    def act() -> None:
        said = form.cleaned_data
        give_opinion(found, agreed=said["agreed"] == "yes", text=said["text"], by=request.actor)

    if carried_out(request, form, act, _("会办意见已交给牵头单位。")):
        return redirect("matters:opinions")
    context = {
        "opinion": found,
        "matter": found.matter,
        "form": form,
        "key": uuid4().hex,
        "may_answer": found.is_missing
        and found.matter.is_open
        and request.actor.may("matters.handle", found),
    }
    status = 422 if form.errors else 200
    return render(request, "matters/opinion.html", context, status=status)


@dataclass(frozen=True)
class Contact:
    """One time the applicant and an office met over this matter."""

    event: Event
    channel: str
    icon: str


def contacts_of(matter: Matter) -> list[Contact]:
    """The door it came in by and every contact since, the latest first (INF-25)."""
    kinds = {EventKind.ACCEPTED, EventKind.CONTACTED, EventKind.CORRECTED, EventKind.DELIVERED}
    found = []
    for event in matter.events.all():
        if event.kind in kinds:
            code = str(event.facts.get("channel") or event.facts.get("how") or "window")
            known = code if code in Channel.values else "window"
            found.append(Contact(event, str(Channel(known).label), CHANNEL_ICONS[known]))
    return found


def joined_story(matter: Matter, steps: list[Step], actor: Actor) -> dict[str, Any]:
    """What stands on the page of a matter beside its path: why here, opinions, contacts."""
    now = timezone.now()
    return {
        "ways": [step for step in steps if step.state != "cancelled"],
        "may_see_rules": actor.has("matters.view"),
        "opinions": [
            (one, one.is_late(now), actor.may("matters.handle", one) and one.is_missing)
            for one in opinions_of(matter)
        ],
        "contacts": contacts_of(matter),
        "merged": matter.merged_into,
        "case": matter.bundle_case,
    }


def joint_words(event: Event) -> str:
    """What happened between units or in another contact, after the name; else nothing."""
    facts, kind = event.facts, EventKind(event.kind)
    words = {key: facts.get(key, "") for key in ("step", "to", "into", "of")}
    if kind == EventKind.OPINION_ASKED:
        return _("就“%(step)s”请%(to)s会办") % words
    if kind == EventKind.OPINION_GIVEN:
        agreed = _("同意") if facts.get("agreed") else _("不同意")
        return _("就“%(step)s”给出会办意见：%(agreed)s") % {**words, "agreed": agreed}
    if kind == EventKind.OPINION_WAIVED:
        return _("不再等%(to)s的会办意见") % words
    if kind == EventKind.CONTACTED:
        channel = str(facts.get("channel", ""))
        known = Channel(channel).label if channel in Channel.values else ""
        return _("记下一次联系：%(channel)s") % {"channel": known}
    if kind == EventKind.MERGED and words["into"]:
        return _("并入 %(number)s，由那一件继续办") % {"number": numbers.display(words["into"])}
    if kind == EventKind.MERGED:
        return _("%(number)s 并入本件") % {"number": numbers.display(words["of"])}
    if kind == EventKind.SPLIT:
        return _("撤销与 %(number)s 的合并，各自办理") % {"number": numbers.display(words["of"])}
    return ""
