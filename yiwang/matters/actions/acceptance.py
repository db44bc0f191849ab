"""Accept once: one act makes the matter, its number, its clock and its first steps (INF-08)."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models import insert_together
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules import numbers
from yiwang.core.rules.wording import listed
from yiwang.divisions.models import Division
from yiwang.matters.models import Draft, Event, Material, Matter, Step
from yiwang.matters.reads import Planned, planned, variants_for
from yiwang.matters.reads.entrustment import must_be_entrusted
from yiwang.matters.reads.routing import asked_of, route_for
from yiwang.matters.rules import Channel, EventKind, StepState
from yiwang.matters.rules.limits import clock
from yiwang.matters.rules.priority import priority_of
from yiwang.matters.rules.process import StepPlan, answer_facts
from yiwang.notifications.rules.kinds import Kind
from yiwang.residents.actions import (
    confirm_field,
    record_facts,
)
from yiwang.residents.models import Document, LifeState, Resident
from yiwang.residents.reads import dictionary, known_fields

from .course import skip_lines
from .papers import HandedIn, file_away, from_file, material_rows, reused
from .telling import message_of

# The sequence grows by this much a call; each process hands the numbers between out by itself.
BLOCK = 20
_block: list[int] = []
_block_lock = threading.Lock()


@dataclass(frozen=True)
class Agent:
    """Someone who acts for the applicant (SVC-05)."""

    name: str = ""
    phone: str = ""
    relation: str = ""


NOBODY = Agent()


@act("matters.accept")
def accept_matter(
    division: Division,
    *,
    item: str,
    resident: Resident,
    answers: Mapping[str, str],
    channel: str,
    by: Actor,
    materials: Sequence[HandedIn] = (),
    agent: Agent = NOBODY,
    asked: Sequence[str] | None = None,
    needed: int | None = None,
    title: str = "",
    draft: Draft | None = None,
    confirmed: Sequence[str] = (),
    not_from_file: Sequence[str] = (),
    variant: str = "",
    quiet: bool = False,
) -> Matter:
    """Accept a matter of `resident` at a door of `division`; gives the numbered matter.

    `answers` is the form, `asked` what was newly typed, `needed` how many items it has, `confirmed`
    the outdated ones that hold. Documents not handed in come from the file, but `not_from_file`.
    `variant`: one that the grade opens. `quiet`: a part of a whole, of which alone is told.
    """
    today = timezone.localdate(now := moment())
    plan = planned(item, today)
    _must_be_open(plan, resident, by, today)
    held = from_file(plan, resident, {one.code for one in materials}, not_from_file)
    matter = _matter(division, plan, resident, channel, agent, now, by)
    matter.title, matter.answers = title or plan.item.title, dict(answers)
    matter.variant = _variant(plan, resident, variant, today)
    typed = list(answers if asked is None else asked)
    _count(matter, plan, needed, _taken_over(plan, answers, typed, confirmed))
    _with_papers(matter, plan, materials, held, by, quiet=quiet)
    _keep_told(matter, resident, typed, confirmed, by)
    if draft is not None:
        Draft.objects.filter(pk=draft.pk).update(matter=matter, typed_sealed=None)
    note(number=matter.number, item=item, asked=matter.fields_asked, needed=matter.fields_needed)
    return matter


def _with_papers(
    matter: Matter,
    plan: Planned,
    materials: Sequence[HandedIn],
    held: Mapping[str, Sequence[Document]],
    by: Actor,
    *,
    quiet: bool,
) -> None:
    """Insert the matter with its documents; what was handed in goes on file."""
    rows = material_rows(matter, plan, materials, held)
    matter.papers_needed = len(plan.guide.materials)
    matter.papers_reused = reused(plan, rows)
    _insert(matter, plan, rows, by, quiet=quiet)
    file_away(matter, plan, materials, held, by)


def _insert(
    matter: Matter, plan: Planned, rows: Sequence[Material], by: Actor, *, quiet: bool
) -> None:
    """Matter, steps, documents and first events in one statement: this is the hottest act.

    Every unit with a step that is sure to come may see the matter from now on.
    """
    steps, skipped = _steps(matter, plan, matter.accepted_at)
    matter.units = _entrusted(steps, plan, by)
    channel, fields = str(matter.channel), matter.fields_needed
    event = Event.of(matter, EventKind.ACCEPTED, by, channel=channel, fields=fields)
    told = [] if quiet else message_of(matter, Kind.ACCEPTED, by.unit_name)
    insert_together(matter, [*steps, *rows, event, *skip_lines(matter, skipped, by), *told])


def must_be_there(plan: Planned, resident: Resident) -> None:
    """Nobody applies for the dead, except for what is meant for after death (EXP-50).

    Raises Refused not_live.
    """
    if resident.is_live or (resident.state == LifeState.DECEASED and plan.guide.after_death):
        return
    if resident.state == LifeState.DECEASED:
        sentence = _("这位居民已去世，只能受理身后事项；遗属申请的，请以遗属本人为申请人。")
    else:
        sentence = _("这位居民的档案已注销或迁出，不能受理。")
    raise Refused("not_live", sentence)


def _must_be_open(plan: Planned, resident: Resident, by: Actor, on: date) -> None:
    """The item to this person, and to the unit that accepts it."""
    must_be_there(plan, resident)
    must_be_entrusted(plan.item, unit=by.unit_id, code=by.unit_code, on=on)


def _priority(matter: Matter) -> str:
    """Why it goes first, if it does (SVC-05)."""
    age = matter.resident.age(timezone.localdate(matter.accepted_at))
    return priority_of(age, matter.answers, int(parameter("matters.priority_age")))


def _count(matter: Matter, plan: Planned, needed: int | None, taken_over: int) -> None:
    """How many items the form had and were asked; whether it goes first. Raises Refused not_asked."""
    matter.priority = _priority(matter)
    form = _must_be_asked(plan, matter.answers, matter.variant)
    matter.fields_needed = len(form) if needed is None else needed
    matter.fields_asked = matter.fields_needed - taken_over


def _must_be_asked(plan: Planned, answers: Mapping[str, str], variant: str) -> list[str]:
    """The items of the form for these answers. Raises Refused not_asked for an answer to another."""
    form = plan.guide.form_for(answers, variant)
    strange = [code for code in plan.guide.fields if answers.get(code) and code not in form]
    if strange:
        words = dictionary()
        labels = listed([words[code].label if code in words else code for code in strange])
        sentence = _("按其他回答不问这些，请不要填写：%(names)s。") % {"names": labels}
        raise Refused("not_asked", sentence, dict.fromkeys(strange, sentence))
    return form


def _variant(plan: Planned, resident: Resident, wanted: str, on: date) -> str:
    """The variant that is given. Raises Refused: no_variant, variant_needed, variant."""
    found = variants_for(plan.guide, resident, on)
    if not plan.guide.variants and not wanted:
        return ""
    if not found.allowed:
        raise Refused("no_variant", _("按现在的评估等级，这个事项没有可选的服务档次。"))
    if not wanted and len(found.allowed) == 1:
        return found.allowed[0].code
    names = listed([one.name for one in found.allowed])
    if wanted not in found.codes:
        code = "variant" if wanted else "variant_needed"
        sentence = _("按现在的评估等级，可选的服务档次：%(names)s。") % {"names": names}
        raise Refused(code, sentence, {"variant": sentence})
    return wanted


def _matter(
    division: Division,
    plan: Planned,
    resident: Resident,
    channel: str,
    agent: Agent,
    now: datetime,
    by: Actor,
) -> Matter:
    amber = int(parameter("matters.amber_share"))
    promised = clock(now, plan.guide.promised, amber, calendar())
    statutory = plan.guide.statutory
    return Matter(
        number=next_number(timezone.localdate(now)),
        item=plan.item,
        version=plan.version,
        division_id=resident.division_id,
        resident=resident,
        channel=Channel(channel),
        confidential=plan.confidential,
        accepted_in_id=division.pk,
        acceptor_unit_id=by.unit_id,
        acceptor_post_id=by.post_id,
        accepted_at=now,
        amber_at=promised.amber_at,
        due_at=promised.due_at,
        limit_unit=plan.guide.promised.unit,
        statutory_due_at=clock(now, statutory, 100, calendar()).due_at if statutory else None,
        agent_name=agent.name,
        agent_phone=agent.phone or None,
        agent_relation=agent.relation,
    )


def _steps(matter: Matter, plan: Planned, now: datetime) -> tuple[list[Step], list[Step]]:
    """Every step of the process, the first ones begun; and those that are not needed."""
    process = plan.guide.process
    said = answer_facts(matter.answers, matter.variant) if process.branches else {}
    move = process.after(0, said)
    if not move.opened:
        raise Refused("no_step", _("按填写的内容，没有要办的环节，请联系管理员修改事项。"))
    names = {raw["code"]: raw for raw in plan.version.content["steps"]}
    steps = {one.code: _step(matter, plan, one, names[one.code]) for one in process.steps}
    for one in move.opened:
        steps[one.code].start(now)
    skipped = [steps[one.code] for one in move.skipped]
    for step in skipped:
        step.state = StepState.SKIPPED
    return list(steps.values()), skipped


def _step(matter: Matter, item: Planned, plan: StepPlan, raw: Mapping[str, Any]) -> Step:
    asked = asked_of(item.item, plan, matter.division_id, matter.channel)
    way = route_for(plan, asked, timezone.localdate(matter.accepted_at))
    return Step(
        matter=matter,
        code=plan.code,
        name=raw["name"],
        name_en=raw.get("name_en", ""),
        stage=plan.stage,
        kind=plan.kind,
        unit=way.unit,
        division_id=way.unit.division_id,
        handler_id=way.handler,
        route=way.kind,
        rule=way.rule,
        limit_amount=plan.limit.amount,
        limit_unit=plan.limit.unit,
    )


def _entrusted(steps: Sequence[Step], plan: Planned, by: Actor) -> list[int]:
    maybe = {one.code for one in plan.guide.steps if one.when}
    units = {
        step.unit_id for step in steps if step.code not in maybe or step.state == StepState.ACTIVE
    }
    if by.unit_id:
        units.add(by.unit_id)
    return sorted(units)


def _taken_over(
    plan: Planned, answers: Mapping[str, str], typed: Sequence[str], confirmed: Sequence[str]
) -> int:
    """How many items of the form were held and fresh, hence neither typed nor confirmed.

    An item that was asked and left empty was asked all the same.
    """
    held = {code for code in plan.guide.fields if answers.get(code)}
    return len(held - {*typed, *confirmed})


def _keep_told(
    matter: Matter,
    resident: Resident,
    typed: Sequence[str],
    confirmed: Sequence[str],
    by: Actor,
) -> None:
    """What the applicant told or confirmed serves every later matter; of the dead nothing is kept."""
    if resident.is_live:
        _keep_answers(matter, resident, typed, by)
        _keep_confirmed(resident, confirmed, by)


def _keep_answers(matter: Matter, resident: Resident, typed: Sequence[str], by: Actor) -> None:
    """What was newly told about the person is kept for every later matter (collect once)."""
    fields, answers = dictionary(), matter.answers
    register = {
        code: answers[code]
        for code in typed
        if code in fields and fields[code].register and answers.get(code)
    }
    if register:
        record_facts(
            resident,
            values=register,
            source_kind="earlier",
            source_label=matter.item.title,
            reference=f"matter:{matter.number}",
            by=by.within_act("residents.confirm"),
        )


def _keep_confirmed(resident: Resident, codes: Sequence[str], by: Actor) -> None:
    """What the applicant confirmed is fresh for every later matter too, whoever accepted it."""
    if not codes:
        return
    due = known_fields(resident, codes, timezone.localdate(moment()))
    for code in codes:
        if code in due and not due[code].fresh:
            confirm_field(resident, field=code, by=by.within_act("residents.confirm"))


def next_number(day: date) -> str:
    """A fresh number of the day; the database is asked once in BLOCK times."""
    with _block_lock:
        if not _block:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('matters_serial')")
                top = int(cursor.fetchone()[0])
            _block.extend(range(top + BLOCK - 1, top - 1, -1))
        serial = _block.pop()
    return numbers.compose(day, serial)
