"""The tags of one resident: chips, evidence, trace, exceptions; sensitive ones behind a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.residents.models import Resident
from yiwang.tags import actions
from yiwang.tags.forms import ConfirmForm, EndForm, ReasonForm, SetForm
from yiwang.tags.models import Tag, TagEvent, TagException, TagKind
from yiwang.tags.reads import kinds_without_counts, tags_of
from yiwang.tags.reads.evidence import held_evidence
from yiwang.tags.reads.people import exceptions_of

from .door import visible_resident, visible_tag


@require_GET
@allowed("tags.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Her tags; with htmx only the card for the resident's page."""
    return _of_resident(request, visible_resident(request, pk))


@require_http_methods(["GET", "POST"])
@allowed("tags.reveal")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why, then see the sensitive tags too, once."""
    person = visible_resident(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reveal_tags(person, reason=form.cleaned_data["reason"], by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return _of_resident(request, person, revealed=True)
    context = {"person": person, "form": form, "title": _("查看敏感标签")}
    return _asking(request, context)


@require_http_methods(["GET", "POST"])
@allowed("tags.set")
def set_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a kind, then say what it asks."""
    person = visible_resident(request, pk)
    kinds = [
        one for one in kinds_without_counts(request.actor) if one.may_be_set_by(request.actor.role)
    ]
    kind = next((one for one in kinds if one.code == request.GET.get("kind")), None)
    if kind is None:
        held = {tag.kind_id for tag in tags_of(person, request.actor)}
        free = [one for one in kinds if one.pk not in held]
        context = {"person": person, "kinds": free, "unchosen": request.method == "POST"}
        status = 422 if request.method == "POST" else 200
        return render(request, "tags/choose.html", context, status=status)
    form = SetForm(
        request.POST or None, kind=kind, minor=person.is_minor,
        held=held_evidence(person, kind, timezone.localdate()),
        initial={"since": timezone.localdate()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_tag(person, kind=kind, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已设置标签“%(kind)s”。") % {"kind": kind.label})
            return redirect("tags:of-resident", pk=person.pk)
    title = _("设置标签：%(kind)s") % {"kind": kind.label}
    return _asking(request, {"person": person, "form": form, "title": title, "kind": kind})


@require_http_methods(["GET", "POST"])
@allowed("tags.set")
def except_one(request: StaffRequest, pk: int) -> HttpResponse:
    """The rule of a kind is wrong for her."""
    person = visible_resident(request, pk)
    kinds = TagKind.objects.visible_to(request.actor)
    kind = kinds.filter(code=request.GET.get("kind", "")).first()
    if kind is None or not kind.sets_itself:
        return redirect("tags:of-resident", pk=person.pk)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.except_from_rule(
            person, kind=kind, reason=form.cleaned_data["reason"], by=request.actor
        )

    context = {
        "person": person,
        "form": form,
        "kind": kind,
        "title": _("规则不适用：%(kind)s") % {"kind": kind.label},
        "hint": _("自动设置的标签随之结束，以后规则也不再设置，直到取消例外。"),
    }
    return _done_or_asked(request, form, act, context, _("已登记例外。"))


@require_POST
@allowed("tags.set")
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """The rule counts again."""
    people = Resident.objects.visible_to(request.actor)
    kinds = TagKind.objects.visible_to(request.actor)
    rows = TagException.objects.within(people, kinds).select_related("kind", "resident")
    found = get_object_or_404(rows, pk=pk)
    try:
        actions.lift_exception(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("例外已取消，规则下次运行时重新判断。"))
    return redirect("tags:of-resident", pk=found.resident_id)


@require_http_methods(["GET", "POST"])
@allowed("tags.set")
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Still right."""
    tag = visible_tag(request, pk)
    form = ConfirmForm(request.POST or None)

    def act() -> None:
        actions.confirm_tag(tag, **form.cleaned_data, by=request.actor)

    context = {"person": tag.resident, "form": form, "kind": tag.kind,
               "title": _("复核标签：%(tag)s") % {"tag": tag.label}}  # fmt: skip
    return _done_or_asked(request, form, act, context, _("已复核。"))


@require_http_methods(["GET", "POST"])
@allowed("tags.set")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """No longer right."""
    tag = visible_tag(request, pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})

    def act() -> None:
        actions.end_tag(tag, **form.cleaned_data, by=request.actor)

    context = {"person": tag.resident, "form": form, "kind": tag.kind, "ending": True,
               "title": _("结束标签：%(tag)s") % {"tag": tag.label}}  # fmt: skip
    return _done_or_asked(request, form, act, context, _("标签已结束，经过保留。"))


def _done_or_asked(
    request: StaffRequest, form: Any, act: Callable[[], None], context: Any, done: str
) -> HttpResponse:
    if carried_out(request, form, act, done):
        return redirect("tags:of-resident", pk=context["person"].pk)
    return _asking(request, context)


def _asking(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "tags/ask.html", context, status=status)


def _of_resident(
    request: StaffRequest, person: Resident, *, revealed: bool = False
) -> HttpResponse:
    tags = tags_of(person, request.actor)
    shown = [tag for tag in tags if revealed or not tag.kind.sensitive]
    hidden = len(tags) - len(shown)
    actor = request.actor
    context: dict[str, Any] = {
        "person": person,
        "minor": person.is_minor,
        "tags": [(tag, tag.kind.may_be_set_by(actor.role)) for tag in shown],
        "hidden": hidden,
        "revealed": revealed,
        "may_set": actor.may("tags.set", person) and person.is_live,
        "may_reveal": actor.may("tags.reveal", person),
    }
    if request.htmx:
        return render(request, "tags/parts/card.html", context)
    context["exceptions"] = exceptions_of(person, actor)
    context["events"] = _events(person, request, revealed=revealed)
    return render(request, "tags/person.html", context)


def _events(person: Resident, request: StaffRequest, *, revealed: bool) -> list[TagEvent]:
    tags = Tag.objects.visible_to(request.actor).filter(resident=person)
    if not revealed:
        tags = tags.filter(kind__sensitive=False)
    return list(TagEvent.objects.within(tags).select_related("tag__kind")[:50])
