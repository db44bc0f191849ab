"""Samples are drawn, checks planned and recorded; each point that fails becomes a finding."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.divisions.models import Division
from yiwang.matters.actions import record_call_back
from yiwang.needs.rules.sampling import sample_size
from yiwang.organizations.models import Organization
from yiwang.quality.models import Check, Finding, Promise, Sample, Standard
from yiwang.quality.reads.sampling import drawn_again, population
from yiwang.quality.rules.points import CheckKind, Consequence, Verdict, score


@act("quality.sample")
def draw_sample(
    division: Division,
    *,
    first: date,
    last: date,
    kind: str,
    by: Actor,
    posts: Sequence[Post] = (),
    seed: int | None = None,
) -> Sample:
    """Choose at random among what ended in days that are over, and hand it out in turn.

    The share is the parameter `qua.sample.rate`, rounded up. Refused: period, kind, nothing.
    """
    _check_period(first, last)
    if kind not in CheckKind.values:
        raise Refused("kind", _("请选择检查方式。"), {"kind": _("请选择检查方式。")})
    percent = int(parameter("qua.sample.rate", division=division.pk))
    rows = population(division.pk, first, last)
    found = rows.count()
    size = sample_size(found, percent=percent, least=1)
    if not size:
        raise Refused("nothing", _("这段时间没有办结的事项，无从抽查。"))
    sample = Sample.objects.create(
        division=division, first=first, last=last, kind=kind, percent=percent,
        seed=secrets.randbelow(2**31) if seed is None else seed, population=found, drawn=size,
        drawn_at=moment(), drawn_by=by.label[:160],
    )  # fmt: skip
    _hand_out(sample, [one.pk for one in posts] or [by.post_id])
    note(first=first, last=last, seed=sample.seed, population=found, drawn=size)
    return sample


def _check_period(first: date, last: date) -> None:
    if last < first:
        raise Refused("period", _("结束日期不能早于开始日期。"), {"last": _("早于开始日期。")})
    if last >= timezone.localdate(moment()):
        message = _("只能抽查已经过去的日期，这样重抽的结果才一样。")
        raise Refused("period", message, {"last": message})


def _hand_out(sample: Sample, posts: Sequence[int | None]) -> None:
    drawn = drawn_again(sample).select_related("result")
    standards = dict(Standard.objects.in_force().values_list("item_id", "pk"))
    Check.objects.bulk_create(
        Check(
            division_id=matter.division_id, sample=sample, kind=sample.kind, matter=matter,
            unit_id=matter.acceptor_unit_id or matter.result.unit_id,
            standard_id=standards.get(matter.item_id), post_id=posts[place % len(posts)],
        )
        for place, matter in enumerate(drawn)
    )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A check that no sample drew: how, of whom, by which standard."""

    kind: str
    unit: Unit
    provider: Organization | None = None
    standard: Standard | None = None
    inspector: str = ""


@act("quality.check")
def plan_check(division: Division, *, plan: Plan, by: Actor) -> Check:
    """A spot visit, a mystery visit, a resident inspector. Refused: kind, elsewhere, inspector."""
    if plan.kind not in CheckKind.values:
        raise Refused("kind", _("请选择检查方式。"), {"kind": _("请选择检查方式。")})
    if not by.enter.holds(plan.unit.division_id):
        message = _("这个单位不在您的区划范围内。")
        raise Refused("elsewhere", message, {"unit": message})
    if plan.unit.pk == by.unit_id:
        message = _("不能检查本单位，请由上级或其他单位检查。")
        raise Refused("own_unit", message, {"unit": message})
    if plan.kind == CheckKind.INSPECTOR and not plan.inspector.strip():
        message = _("请写明居民监督员的姓名。")
        raise Refused("inspector", message, {"inspector": message})
    return Check.objects.create(
        division_id=plan.unit.division_id, kind=plan.kind, unit=plan.unit, provider=plan.provider,
        standard=plan.standard, inspector=plan.inspector.strip()[:60], post_id=by.post_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a check saw: a verdict by point, words, and the resident's opinion when called."""

    note: str
    results: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    promise: Promise | None = None
    outcome: str = ""
    grade: int | None = None


@act("quality.check")
def record_check(check: Check, *, seen: Seen, by: Actor) -> Check:
    """Write down what was seen; every point that failed is a finding with a limit of its own.

    A call to the resident goes on record as such: a dissatisfied one has the matter done again.
    Refused: done, own_unit, text_missing, results, and what refuses a call back.
    """
    lock(check)
    if check.done_at:
        raise Refused("done", _("这次检查已经记下。"))
    if check.unit_id == by.unit_id:
        raise Refused("own_unit", _("不能检查本单位，请由上级或其他单位检查。"))
    if not seen.note.strip():
        raise Refused("text_missing", _("请写明检查情况。"), {"note": _("请写明检查情况。")})
    points = {one.code: one for one in check.standard.points} if check.standard else {}
    results = {code: seen.results.get(code, Verdict.NONE) for code in points}
    if set(seen.results) - set(points) or set(results.values()) - set(Verdict.values):
        raise Refused("results", _("有的检查点不在这次检查的标准里。"))
    if seen.outcome and check.matter is not None:
        record_call_back(
            check.matter, outcome=seen.outcome, grade=seen.grade, opinion=seen.note[:500],
            by=by.within_act("matters.call_back"),
        )  # fmt: skip
    check.results, check.score = results, score(results)
    check.note, check.done_at, check.done_by = seen.note.strip()[:1000], moment(), by.label[:160]
    check.save()
    failed = [points[code] for code, one in results.items() if one == Verdict.FAIL]
    for point in failed:
        words = {"level": point.level, "note": check.note}
        text = _("应为“%(level)s”。%(note)s") % words
        _issue(check, point.name, text[:500], point.consequence, None)
    if seen.problem.strip() or seen.promise:
        broken = seen.problem.strip() or str(seen.promise)
        name = seen.promise.text if seen.promise else _("其他问题")
        _issue(check, name, broken[:500], Consequence.CORRECT, seen.promise)
    note(score=check.score, failed=[one.code for one in failed])
    return check


def _issue(
    check: Check, point: str, text: str, consequence: str, promise: Promise | None
) -> Finding:
    now = moment()
    return Finding.objects.create(
        division_id=check.division_id, source=check, unit_id=check.unit_id,
        provider_id=check.provider_id, promise=promise, point=point[:120], text=text,
        consequence=consequence, repeated=_was_before(check, point, now), issued_at=now,
        due_at=deadline(now, _days(check), TimeUnit.WORKING_DAYS, calendar()),
    )  # fmt: skip


def _days(check: Check) -> int:
    return int(parameter("qua.correction_days", division=check.division_id))


def _was_before(check: Check, point: str, now: datetime) -> bool:
    """Whether the same was found at the same party within the days of the parameter."""
    since = now - timedelta(days=int(parameter("qua.repeat_days", division=check.division_id)))
    rows = Finding.objects.filter(unit_id=check.unit_id, provider_id=check.provider_id)
    return rows.filter(point=point[:120], issued_at__gte=since).exclude(source=check).exists()
