"""A finding is put right with proof, rechecked by another unit, and told upwards when missed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.reads import calendar, file_limits, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.core.scanner import scan_soon
from yiwang.divisions.rules import Depth, ancestor, depth_of
from yiwang.matters.reads.escalation import post_on
from yiwang.matters.rules.escalation import STAGE_OF
from yiwang.quality.models import Finding
from yiwang.quality.rules.states import FindingState


@act("quality.correct")
def correct_finding(finding: Finding, *, action: str, by: Actor, upload: Any = None) -> Finding:
    """Say what was done, with a photo or a paper as proof.

    Refused: wrong_state, text_missing, proof_missing, file_type, file_too_large.
    """
    _locked(finding, FindingState.ISSUED)
    if not action.strip():
        message = _("请写明整改情况。")
        raise Refused("text_missing", message, {"action": message})
    if upload is None:
        message = _("请上传整改证明，照片或 PDF。")
        raise Refused("proof_missing", message, {"upload": message})
    finding.keep(upload, limits=file_limits())
    scan_soon(finding, looked_at)
    finding.action, finding.state = action.strip()[:1000], FindingState.CORRECTED
    finding.corrected_at, finding.corrected_by = moment(), by.label[:160]
    finding.save()
    note(file=finding.digest)
    return finding


@act("quality.check")
def recheck_finding(finding: Finding, *, passed: bool, text: str, by: Actor) -> Finding:
    """Look again: right, and it is closed; not right, and it goes back with a new limit.

    Refused: wrong_state, own_unit, text_missing.
    """
    _locked(finding, FindingState.CORRECTED)
    if finding.unit_id == by.unit_id:
        raise Refused("own_unit", _("整改由其他单位复查，不能自己复查。"))
    if not text.strip():
        message = _("请写明复查意见。")
        raise Refused("text_missing", message, {"text": message})
    finding.recheck = text.strip()[:500]
    finding.rechecked_at, finding.rechecked_by = moment(), by.label[:160]
    finding.state = FindingState.CLOSED if passed else FindingState.ISSUED
    if not passed:
        days = int(parameter("qua.correction_days", division=finding.division_id))
        finding.due_at = deadline(moment(), days, TimeUnit.WORKING_DAYS, calendar())
        finding.returned += 1
        finding.told_at = finding.told_place = finding.told_post = None
    finding.save()
    note(passed=passed, action=finding.action, file=finding.digest)
    return finding


def _locked(finding: Finding, state: FindingState) -> None:
    lock(finding)
    if finding.state != state:
        words = {"state": finding.get_state_display()}
        raise Refused("wrong_state", _("这个问题现在是“%(state)s”，不能这样办理。") % words)


@act("quality.check")
def tell_missed_finding(finding: Finding, *, by: Actor) -> Finding:
    """Tell the township, once, what a unit below did not put right in time; of a unit that stands
    higher its own upper level is told. Refused: not_to_tell."""
    lock(finding)
    now = moment()
    if finding.state != FindingState.ISSUED or finding.due_at >= now or finding.told_at:
        raise Refused("not_to_tell", _("没有逾期，或已经上报。"))
    depth = depth_of(finding.unit.division_id)
    level = max(Depth.CITY, min(Depth.TOWNSHIP, Depth(depth - 1)))
    place = ancestor(finding.unit.division_id, level)
    post = post_on(place, STAGE_OF[level], timezone.localdate(now))
    finding.told_at, finding.told_place_id, finding.told_post = now, place, post
    finding.save()
    note(place=place, post=post.pk if post else None, holds=finding.holds_settlement)
    return finding


@act("core.scan")
def scan_proof(finding: Finding, *, by: Actor) -> Finding:
    """Look for viruses in the proof; with one, the correction is still to be proved (EXP-27)."""
    found: Finding = scan_file(finding, about=finding.point, by=by)
    if found.scan == Scan.INFECTED and found.state == FindingState.CORRECTED:
        found.state = FindingState.ISSUED
        found.save()
    return found


def looked_at(finding: Finding) -> Finding:
    """The same by the system itself, as the job and the end of an upload do it."""
    return scan_proof(finding, by=Actor.system().within_act("core.scan"))
