"""A unit publishes what it promises, and takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.matters.reads.rating import rating_reasons
from yiwang.matters.rules.rating import unknown
from yiwang.quality.models import Promise
from yiwang.quality.rules.states import Measure


@dataclass(frozen=True)
class Word:
    """What is promised, and what it is set against."""

    text: str
    measure: str
    target: float
    text_en: str = ""
    reasons: Sequence[str] = ()


@act("quality.promise")
def make_promise(unit: Unit, *, word: Word, by: Actor) -> Promise:
    """From now on it stands on the unit's public page. Refused: text_missing, target, reasons, twice."""
    text = word.text.strip()
    if not text:
        message = _("请写明承诺。")
        raise Refused("text_missing", message, {"text": message})
    if word.measure not in Measure.values:
        raise Refused("measure", _("请选择对照的数字。"), {"measure": _("请选择对照的数字。")})
    most = {Measure.ON_TIME: 100, Measure.GRADE: 5}.get(Measure(word.measure), 480)
    if not 0 < word.target <= most:
        message = _("承诺值应大于 0，不超过 %(most)s。") % {"most": most}
        raise Refused("target", message, {"target": message})
    if unknown(word.reasons, rating_reasons(unit.division_id)):
        raise Refused("reasons", _("没有这个评价原因。"), {"reasons": _("没有这个评价原因。")})
    if Promise.objects.filter(unit=unit, text=text, ends_on__isnull=True).exists():
        message = _("本单位已有同样的承诺。")
        raise Refused("twice", message, {"text": message})
    return Promise.objects.create(
        unit=unit, text=text[:120], text_en=word.text_en.strip()[:200], measure=word.measure,
        target=word.target, reasons=list(word.reasons), starts_on=timezone.localdate(moment()),
        by_label=by.label[:160],
    )  # fmt: skip


@act("quality.promise")
def end_promise(promise: Promise, *, by: Actor) -> Promise:
    """It is no longer promised; what happened under it stays on record. Refused: ended."""
    lock(promise)
    if promise.ends_on:
        raise Refused("ended", _("这项承诺已经撤下。"))
    promise.ends_on = timezone.localdate(moment())
    promise.save()
    note(text=promise.text)
    return promise
