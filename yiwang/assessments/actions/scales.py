"""Another version of a scored form, from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.assessments.models import Scale
from yiwang.assessments.rules.scale import InvalidScale, read_scale
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division


@act("assessments.scales")
def publish_scale(
    city: Division, *, content: Mapping[str, Any], effective_from: date, by: Actor
) -> Scale:
    """A new form, or the next version of one (by its `code`); assessments keep theirs.

    Raises Refused: content, past, too_early.
    """
    code = str(content.get("code", ""))
    try:
        read_scale(content)
    except InvalidScale as fault:
        raise Refused("content", str(fault), {"content": str(fault)}) from fault
    if not code.isascii() or not code.replace("_", "").replace("-", "").isalnum():
        sentence = _("编码只用字母、数字、横线。")
        raise Refused("content", sentence, {"content": sentence})
    last = Scale.objects.public().filter(code=code).order_by("-number").first()
    if effective_from < timezone.localdate(moment()):
        sentence = _("起用日期不能在过去。")
        raise Refused("past", sentence, {"effective_from": sentence})
    if last is not None and effective_from <= last.effective_from:
        sentence = _("起用日期须晚于现行版本（%(day)s）。") % {"day": last.effective_from}
        raise Refused("too_early", sentence, {"effective_from": sentence})
    made = Scale.objects.create(
        code=code[:40], number=last.number + 1 if last else 1, content=dict(content),
        effective_from=effective_from, by_label=by.label[:160],
    )  # fmt: skip
    note(code=code, version=made.number)
    return made
