"""Scores are kept as they are given; once in force they are seen for a reason only."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.rules.states import State
from yiwang.core.acts import act, lock, note, record_line
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.reads import dictionary
from yiwang.residents.rules.values import InvalidValue, clean_value


@act("assessments.assess")
def save_answers(
    assessment: PersonAssessment,
    *,
    answers: Mapping[str, Any],
    conditions: Sequence[str] = (),
    facts: Mapping[str, str] | None = None,
    by: Actor,
) -> PersonAssessment:
    """Keep what has been scored so far; items not named keep their score.

    `facts` are register fields that were asked, by code. Raises Refused: not_draft, invalid with a
    sentence for each item at fault.
    """
    lock(assessment)
    if assessment.state != State.DRAFT:
        raise Refused("not_draft", _("已经提交的评估不能再改，请先退回。"))
    form, content = assessment.scale.form, assessment.content
    faults: dict[str, str] = {}
    for item in form.items:
        given = answers.get(item.code)
        if given in (None, ""):
            continue
        score = int(given) if str(given).isdecimal() else None
        if item.option(score) is None:
            faults[item.code] = _("没有这个分值。")
        else:
            content["answers"][item.code] = score
    _keep_facts(content, form.facts, facts or {}, faults)
    if faults:
        raise Refused("invalid", " ".join(dict.fromkeys(faults.values())), faults)
    known = {one.code for one in form.conditions}
    content["conditions"] = sorted(known & set(conditions))
    assessment.content = content
    assessment.save(update_fields=["said", "updated_at"])
    note(scored=len(content["answers"]))
    return assessment


def _keep_facts(
    content: dict[str, Any], wanted: Sequence[str], said: Mapping[str, str], faults: dict[str, str]
) -> None:
    for code in wanted:
        if not said.get(code):
            continue
        try:
            content["facts"][code] = clean_value(dictionary()[code], said[code])
        except InvalidValue as fault:
            faults[code] = f"{fault.message}{fault.cure}"
        else:
            content["asked"] = sorted({*content["asked"], code})


@act("assessments.reveal")
def reveal_answers(assessment: PersonAssessment, *, reason: str, by: Actor) -> PersonAssessment:
    """See what was scored, for a reason; the person finds the look in her own pages.

    Raises Refused reason_needed.
    """
    why = clean_text(reason)
    if len(why) < 2:
        sentence = _("请写明查看的原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    facts = {"field": assessment.scale.form.kept_as, "assessment": assessment.pk}
    record_line("residents.reveal", assessment.resident, by, facts, why)
    return assessment
