"""Unusual look-ups: found in the journal, asked about, settled by somebody else (EXP-68)."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.personal.models import Finding
from yiwang.personal.reads.looks import findings_of

State = Finding.State


@act("personal.oversee")
def record_findings(area: Division, *, on: date, by: Actor) -> Division:
    """Look through one day's journal; a finding known already gets its new lines.

    One that was explained opens again when more lines joined it since.
    """
    fresh = 0
    for one in findings_of(on):
        if not area.area.holds(one.division_key):
            continue
        held = Finding.objects.filter(kind=one.kind, on=on, user_id=one.user_id).first()
        if held is None:
            one.save()
            fresh += 1
        elif set(one.lines) - set(held.lines):
            held.lines, held.state = one.lines, State.OPEN
            held.save()
            fresh += 1
    note(on=on, found=fresh)
    return area


@act("personal.settle")
def settle_finding(finding: Finding, *, misuse: bool, explanation: str, by: Actor) -> Finding:
    """Mark as explained, or as misuse; never one's own. Raises Refused: own, explanation_needed."""
    lock(finding)
    if finding.user_id == by.user_id:
        raise Refused("own", _("本人的查询由别的数据保护员处理。"))
    words = clean_text(explanation)[:500]
    if not words:
        sentence = _("请写明核实的情况。")
        raise Refused("explanation_needed", sentence, {"explanation": sentence})
    finding.state = State.MISUSE if misuse else State.EXPLAINED
    finding.explanation, finding.settled_by = words, by.label[:160]
    finding.settled_at = moment()
    finding.save()
    note(kind=finding.kind, on=finding.on, user=finding.user_id, misuse=misuse)
    return finding
