"""One matter: what it is, how much time is left, whose turn it is, what happened (INF-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import file_answer
from yiwang.core.models import Scan
from yiwang.core.rules import numbers
from yiwang.matters.models import Event, Extension, Material, Matter, Step
from yiwang.matters.reads import dial, with_file
from yiwang.matters.rules import RUNNING, SETTLED, EventKind, StepState
from yiwang.matters.rules.limits import limit_words
from yiwang.matters.rules.process import in_course
from yiwang.notifications.reads import told_of, told_rows
from yiwang.residents.reads import dictionary
from yiwang.residents.rules.values import mask_value

from .deadlines import deadline_chip, dial_words
from .door import staff
from .joint import joined_story, joint_words
from .ladder import escalation_words, ladder_of
from .offers import Offer, offers_of
from .worklist import CHANNEL_ICONS, state_words

RELATED = 6
EVENT_MARKS = {
    EventKind.SUBMITTED: ("send", "info"),
    EventKind.ACCEPTED: ("clipboard-check", ""),
    EventKind.TAKEN: ("check", ""),
    EventKind.DONE: ("circle-check", "brand"),
    EventKind.SKIPPED: ("chevron-right", ""),
    EventKind.SENT_BACK: ("arrow-back-up", "warn"),
    EventKind.HANDED_ON: ("arrows-exchange", ""),
    EventKind.RETURNED: ("arrow-back-up", "warn"),
    EventKind.CORRECTED: ("file-check", "info"),
    EventKind.PAUSED: ("player-pause", "info"),
    EventKind.RESUMED: ("player-play", "info"),
    EventKind.EXTENSION_ASKED: ("calendar-event", ""),
    EventKind.EXTENDED: ("calendar-event", "info"),
    EventKind.EXTENSION_REFUSED: ("calendar-event", "warn"),
    EventKind.URGED: ("urgent", "warn"),
    EventKind.ESCALATED: ("alarm", "danger"),
    EventKind.NOTED: ("message-2", ""),
    EventKind.FINISHED: ("circle-check", "brand"),
    EventKind.REFUSED: ("circle-x", "danger"),
    EventKind.NOT_ACCEPTED: ("circle-x", "danger"),
    EventKind.WITHDRAWN: ("arrow-back-up", ""),
    EventKind.DEPARTURE: ("alert-triangle", "warn"),
    EventKind.INFECTED: ("alert-triangle", "danger"),
    EventKind.REVOKED: ("circle-x", "danger"),
    EventKind.DELIVERED: ("receipt", ""),
    EventKind.RATED: ("star", "info"),
    EventKind.CALLED_BACK: ("phone", ""),
    EventKind.REOPENED: ("refresh", "warn"),
    EventKind.REDONE: ("circle-check", "brand"),
    EventKind.CONTACTED: ("phone", "info"),
    EventKind.MERGED: ("sitemap", ""),
    EventKind.OPINION_ASKED: ("users-group", ""),
    EventKind.OPINION_GIVEN: ("message-2", "brand"),
    EventKind.OPINION_WAIVED: ("clock", "warn"),
}


def find_matter(number: str, actor: Actor) -> Matter:
    """The matter of a number the actor may see, with everything a page shows beside it."""
    try:
        plain = numbers.parse(number)
    except numbers.InvalidNumber as fault:
        raise Http404(fault.message) from fault
    rows = with_file(Matter.objects.visible_to(actor))
    reference = Concat(Value("matter:"), OuterRef("number"))
    return get_object_or_404(rows.annotate(told_rows=told_rows(reference)), number=plain)


@require_GET
@staff("matters.view")
def detail(request: StaffRequest, number: str) -> HttpResponse:
    """The page of one matter."""
    matter = find_matter(number, request.actor)
    return render(request, "matters/detail.html", detail_context(request, matter))


def detail_context(
    request: StaffRequest, matter: Matter, *, reopened: Offer | None = None
) -> dict[str, Any]:
    """Everything the page shows; `reopened` is the dialog whose form was not accepted."""
    steps = list(matter.steps.all())
    matter.active_steps = [step for step in steps if step.state == StepState.ACTIVE]  # type: ignore[attr-defined]
    for step in steps:
        step.matter = matter
    offers = offers_of(matter, steps, request.actor, request.GET.get("step", ""))
    stray = reopened is not None and reopened.key not in {one.key for one in offers}
    if reopened:
        offers = [one if one.key != reopened.key else reopened for one in offers]
    return {
        "matter": matter,
        "title": title_of(matter),
        "key": uuid4().hex,
        "offers": offers,
        "reopened": None if stray else reopened,
        "stray": reopened.form if reopened and stray else None,
        **_time(matter, steps),
        "ladder": ladder_of(matter, steps),
        **_story(matter, request.GET.get("records") != "main"),
        **_rail(matter, steps, request.actor),
        **joined_story(matter, steps, request.actor),
    }


def _time(matter: Matter, steps: list[Step]) -> dict[str, Any]:
    """Where the matter stands and how much time is left."""
    now = timezone.now()
    return {
        "chip": deadline_chip(matter, matter.due_at, now),
        "state": state_words(matter),
        "channel_icon": CHANNEL_ICONS[matter.channel],
        "dial": dial_words(matter, dial(matter, now), now),
        "promise": limit_words(matter.version.guide.promised),
        "pause_count": len(matter.pauses.all()),
        "path": [path_step(step, now) for step in in_course(steps)],
    }


def _story(matter: Matter, whole: bool) -> dict[str, Any]:
    """The timeline, with or without what the net writes by itself."""
    events = list(matter.events.all())
    return {
        "whole": whole,
        "events": [_line(event) for event in events if whole or not _is_system(event)],
        "urged": sum(event.kind == EventKind.URGED for event in events),
    }


def _rail(matter: Matter, steps: list[Step], actor: Actor) -> dict[str, Any]:
    """What stands beside: person, form, documents, related matters, readers, result."""
    readers, person = _readers(matter, steps), matter.resident
    return {
        "answers": shown_answers(matter),
        "materials": named_materials(matter),
        "related": _related(matter, actor),
        "told": told_of(matter.told_rows),  # type: ignore[attr-defined]
        "may_open_told": actor.has("notifications.view"),
        "readers": readers,
        "readers_text": _("%(count)s 个单位能看到") % {"count": len(readers)},
        "result": getattr(matter, "result", None),
        "correction": getattr(matter, "correction", None),
        "extended": any(one.state == Extension.State.GRANTED for one in matter.extensions.all()),
        "rating": getattr(matter, "rating", None),
        "may_reveal": actor.may("residents.reveal", person),
        "may_open_resident": actor.has("residents.view") and actor.see.holds(person.division_id),
    }


@dataclass(frozen=True)
class PathStep:
    """One station of the path: who, how long, and whether it is past, at work or to come."""

    step: Step
    css: str
    icon: str
    text: str
    parallel: bool = False


def path_step(step: Step, now: datetime) -> PathStep:
    """A step in the words of the path."""
    if step.state == StepState.DONE:
        who = step.handler.user.name if step.handler else ""
        day = timezone.localtime(step.done_at).strftime("%m-%d") if step.done_at else ""
        verdict = _("同意") if step.agreed else _("不同意")
        icon = "check" if step.agreed else "x"
        return PathStep(step, "ok", icon, " · ".join(filter(None, [who, day, verdict])))
    if step.state == StepState.ACTIVE:
        who = step.handler.user.name if step.handler else _("待接收")
        return PathStep(step, "now", "tools", f"{who} · {_step_time(step, now)}")
    if step.state in SETTLED:
        return PathStep(step, "wait", "x", str(step.get_state_display()))
    return PathStep(step, "wait", "clock", _("未开始"))


def _step_time(step: Step, now: datetime) -> str:
    due = step.due_at or now
    if step.matter.state not in RUNNING:
        return str(step.matter.get_state_display())
    return deadline_chip(step.matter, due, now).text


@dataclass(frozen=True)
class TimelineLine:
    """One line of the timeline as the page tells it."""

    event: Event
    icon: str
    css: str
    title: str
    more: str


def _is_system(event: Event) -> bool:
    """Lines the net writes by itself: of no person, or steps that only say where it lies."""
    return event.by == Actor.system().name or event.kind in {EventKind.TAKEN, EventKind.RESUMED}


def _line(event: Event) -> TimelineLine:
    icon, css = EVENT_MARKS[EventKind(event.kind)]
    return TimelineLine(event, icon, css, event_words(event), _more(event))


def event_words(event: Event) -> str:
    """What happened, after the name: 转办至街道民政办, 完成“入户核实”，同意."""
    facts, kind = event.facts, EventKind(event.kind)
    step = {"step": facts.get("step", ""), "to": facts.get("to", "")}
    if kind == EventKind.HANDED_ON:
        return _("把“%(step)s”转给%(to)s") % step
    if kind == EventKind.DONE:
        agreed = _("同意") if facts.get("agreed", True) else _("不同意")
        return _("完成“%(step)s”，%(agreed)s") % {**step, "agreed": agreed}
    if kind == EventKind.ESCALATED:
        return escalation_words(facts)
    if kind == EventKind.SKIPPED:
        return _("按条件不需要“%(step)s”，跳过") % step
    if kind == EventKind.SENT_BACK:
        return _("退回到“%(step)s”，重新办理") % step
    if kind == EventKind.TAKEN:
        return _("接收“%(step)s”") % step
    if kind == EventKind.DEPARTURE:
        going = _("继续办理") if facts.get("go_on") else _("不再办理")
        return _("离世、迁出处理：%(going)s") % {"going": going}
    if kind == EventKind.EXTENSION_ASKED:
        return _("申请延期 %(days)s 个工作日") % {"days": facts.get("amount", "")}
    return joint_words(event) or str(kind.label)


def _more(event: Event) -> str:
    facts = event.facts
    if event.kind == EventKind.URGED:
        return _("第 %(count)s 次") % {"count": facts.get("count", 1)}
    if event.kind in {EventKind.FINISHED, EventKind.REFUSED}:
        return str(facts.get("number", ""))
    return "" if event.shown else _("居民看不到")


@dataclass(frozen=True)
class Answer:
    """One field of the form, masked where it is sensitive."""

    code: str
    label: str
    value: str
    sensitive: bool


def title_of(matter: Matter) -> str:
    """The title in the reader's language where it is the item's own, else as it was written."""
    own = matter.title == matter.item.title
    return matter.item.label if own else matter.title


def named_materials(matter: Matter) -> list[tuple[Material, str]]:
    """The documents with their names in the reader's language."""
    names = {need.code: need.name for need in matter.version.guide.materials}
    return [(one, names.get(one.code, one.name)) for one in matter.materials.all()]


def shown_answers(matter: Matter) -> list[Answer]:
    """The form as handed in, in the reader's words; what the dictionary masks stays masked."""
    words = dictionary()
    extra = {"signature_witness": _("纸质签名见证人")}
    return [
        Answer(
            code,
            words[code].label if code in words else extra.get(code, code),
            mask_value(words[code], value) if code in words else value,
            code in words and words[code].mask != "none",
        )
        for code, value in matter.answers.items()
        if value
    ]


def _related(matter: Matter, actor: Actor) -> list[Matter]:
    """Other matters of the same person the reader may see, newest first."""
    rows = Matter.objects.visible_to(actor).filter(resident_id=matter.resident_id)
    return list(
        rows.exclude(pk=matter.pk).select_related("item").order_by("-accepted_at")[:RELATED]
    )


@dataclass(frozen=True)
class Reader:
    """A unit that can see the matter, and why."""

    name: str
    why: str
    icon: str


def _readers(matter: Matter, steps: Iterable[Step]) -> list[Reader]:
    found: dict[int, Reader] = {}
    if matter.acceptor_unit:
        unit = matter.acceptor_unit
        found[unit.pk] = Reader(unit.label, _("全部信息 · 首问负责"), "clipboard-check")
    for step in steps:
        why = _("全部信息 · %(step)s") % {"step": step.label}
        found.setdefault(step.unit_id, Reader(step.unit.label, why, "building"))
    return list(found.values())


@require_GET
@staff("matters.view")
def material(request: StaffRequest, number: str, pk: int) -> HttpResponseBase:
    """A document under its real type, as a download; with `?look` a picture or PDF to look at."""
    matter = get_object_or_404(
        Matter.objects.visible_to(request.actor), number=number.replace("-", "")
    )
    kept = get_object_or_404(matter.materials.all(), pk=pk)
    if not kept.file and kept.scan != Scan.INFECTED:
        raise Http404(_("这份材料没有文件。"))
    return file_answer(kept, kept.name, look="look" in request.GET)
