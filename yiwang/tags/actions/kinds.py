"""Kinds of tags are edited and added without code; every form of them is kept."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents.reads import dictionary
from yiwang.tags.models import CONTENT, TagKind, TagKindVersion
from yiwang.tags.rules import Condition, InvalidRule, read_rule

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@act("tags.kinds")
def save_kind(city: Division, *, code: str, content: Mapping[str, Any], by: Actor) -> TagKind:
    """Add a kind or give it a new version; the subject is the city, whose kinds they are.

    `content` holds fields of a version (see `CONTENT`). Nothing changed makes no new version.
    Raises Refused: invalid, unreadable_rule, nobody_sees.
    """
    if not _CODE.fullmatch(code):
        sentence = _("编码用小写英文字母、数字和下划线，以字母开头。")
        raise Refused("invalid", sentence, {"code": sentence})
    kind = TagKind.objects.filter(code=code).first()
    if kind is None:
        kind = TagKind(code=code, number=0)
    else:
        lock(kind)
    before = _content(kind)
    for name in CONTENT:
        if name in content:
            setattr(kind, name, content[name])
    _must_be_sound(kind)
    if kind.pk and _content(kind) == before:
        return kind
    note(code=code, changed=sorted(name for name in CONTENT if before[name] != getattr(kind, name)))
    kind.number += 1
    kind.save()
    TagKindVersion.objects.create(
        kind=kind,
        number=kind.number,
        content=_content(kind),
        effective_from=timezone.localdate(moment()),
        by_label=by.label[:160],
    )
    return kind


def _content(kind: TagKind) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in CONTENT}


def _must_be_sound(kind: TagKind) -> None:
    if not kind.name or not kind.name_en:
        sentence = _("请填写中文和英文名称。")
        raise Refused("invalid", sentence, {"name": sentence})
    if kind.sensitive and not kind.seen_by:
        sentence = _("敏感的标签要写明哪些岗位可以看。")
        raise Refused("nobody_sees", sentence, {"seen_by": sentence})
    try:
        rule = read_rule(kind.rule)
    except InvalidRule as fault:
        sentence = _("看不懂自动规则中的“%(part)s”。") % {"part": fault}
        raise Refused("unreadable_rule", sentence, {"rule": sentence}) from fault
    for condition in (rule.sets, rule.ends):
        if condition is not None:
            _must_be_computable(condition)
    if rule.sets is not None and (kind.evidence or kind.variants or kind.grades):
        sentence = _("要凭依据或分等级的标签不能自动设置：规则拿不出依据。")
        raise Refused("unreadable_rule", sentence, {"rule": sentence})


def _must_be_computable(condition: Condition) -> None:
    for name, age in (("age_from", condition.age_from), ("age_below", condition.age_below)):
        try:
            int(parameter(age) if isinstance(age, str) else age or 0)
        except (LookupError, TypeError, ValueError):
            sentence = _("年龄要写数字或参数编号；没有参数“%(name)s”。") % {"name": age}
            raise Refused("unreadable_rule", sentence, {name: sentence}) from None
    if condition.fact:
        field = dictionary().get(condition.fact[0])
        if field is None or field.sensitive:
            sentence = _("规则不能用“%(name)s”：没有这一项，或它是加密的敏感信息。") % {
                "name": condition.fact[0]
            }
            raise Refused("unreadable_rule", sentence, {"rule": sentence})
