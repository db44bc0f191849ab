"""Return for correction: once, with everything that is missing (一次性告知, SV-1, INF-09)."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import file_limits
from yiwang.core.rules.wording import listed
from yiwang.core.scanner import scan_soon
from yiwang.matters.models import Correction, Event, Material, Matter, Pause, Step
from yiwang.matters.rules import RUNNING, EventKind, State
from yiwang.notifications.rules.kinds import Kind

from .departure import must_be_decided
from .papers import HandedIn
from .scanning import looked_at
from .steps import _running
from .telling import names_of, tell_applicant


@act("matters.return")
def return_matter(
    step: Step,
    *,
    items: Sequence[Mapping[str, str]],
    by: Actor,
    reason: str = "",
) -> Matter:
    """Ask the resident for everything that is missing; the clock stands until it is there.

    `items` names each: kind (material or field), code, name and what is wrong. Refused the second
    time, because the law allows one notice.
    """
    _running(step, RUNNING)
    matter = step.matter
    if not items:
        raise Refused("nothing_missing", _("请逐项写明缺什么，居民只会收到一次告知。"))
    if Correction.objects.filter(matter=matter).exists():
        raise Refused("corrected_once", _("已经告知过一次，不能再次要求补正；请按现有材料办理。"))
    now = moment()
    Correction.objects.create(
        matter=matter,
        items=[dict(one) for one in items],
        reason=reason,
        asked_at=now,
        asked_by=by.label[:160],
    )
    Pause.begin(matter, State.CORRECTING, "correction", reason or _("等待补正材料"), now)
    names = names_of(items)
    Event.tell(matter, EventKind.RETURNED, by, names, reason=reason)
    tell_applicant(matter, Kind.RETURNED, missing=names)
    note(items=len(items))
    return matter


@act("matters.correct")
def answer_correction(
    matter: Matter,
    *,
    by: Actor,
    answers: Mapping[str, str] | None = None,
    materials: Sequence[HandedIn] = (),
) -> Matter:
    """Add what was asked for, all of it; the clock runs again and the same steps go on."""
    lock(matter)
    if matter.state != State.CORRECTING:
        raise Refused("not_correcting", _("事项不在补正中。"))
    must_be_decided(matter)
    correction = matter.correction
    _check_complete(correction, answers or {}, materials)
    names = {one["code"]: one["name"] for one in correction.items}
    without_file = {row.code: row for row in matter.materials.filter(file="").order_by("-pk")}
    for one in materials:
        row = without_file.get(one.code) or Material(
            matter=matter, code=one.code, name=names.get(one.code, one.code)
        )
        row.state = Material.State.GIVEN
        if one.upload is not None:
            row.keep(one.upload, limits=file_limits(), origin=one.origin)
            scan_soon(row, looked_at)
        row.save()
    if answers:
        matter.answers = {**matter.answers, **answers}
    now = moment()
    correction.answered_at = now
    correction.save(update_fields=["answered_at", "updated_at"])
    pause = matter.pauses.get(ended_at__isnull=True)
    pause.matter = matter
    pause.end(now)
    Event.tell(matter, EventKind.CORRECTED, by, "、".join(names.values()))
    return matter


def _check_complete(
    correction: Correction, answers: Mapping[str, str], materials: Sequence[HandedIn]
) -> None:
    brought = {one.code for one in materials} | {code for code, text in answers.items() if text}
    missing = [one["name"] for one in correction.items if one["code"] not in brought]
    if missing:
        names = listed(missing)
        raise Refused("still_missing", _("还缺：%(names)s。请补齐后一并提交。") % {"names": names})
