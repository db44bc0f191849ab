"""Drafts of a version as acts: begin, save, undo, discard, restore, publish (EXP-32, EXP-33, EXP-35)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text, syllables
from yiwang.divisions.models import Division
from yiwang.matters.models import Category, Revision, ServiceItem
from yiwang.matters.rules.shape import Misshapen, must_be_readable

from .catalogue import publish_version, set_offering

LONGEST_CODE = 50


@act("matters.catalogue")
def begin_revision(
    division: Division,
    *,
    by: Actor,
    item: ServiceItem | None = None,
    title: str = "",
    category: str = "",
    content: Mapping[str, Any] | None = None,
) -> Revision:
    """Begin the next version of `item`, or a new item under a title; an open draft is gone on with.

    `content` is what to begin with: copied from another item, or read from a file. Raises Refused:
    title_missing, category, content.
    """
    if item is not None:
        return _next_version(item, content, by)
    words = clean_text(title)[:120]
    if not words:
        raise Refused("title_missing", _("请填写事项名称。"), {"title": "required"})
    owner = Category.objects.filter(pk=category).first()
    if owner is None:
        raise Refused("category", _("请选择服务类别。"), {"category": "required"})
    wanted = {**(content or {}), "title": words}
    if content and words != content.get("title"):
        wanted["title_en"] = ""
    code = _free_code(words)
    return _begun(Revision(code=code, category=owner, content=_readable(wanted)), by)


def _next_version(item: ServiceItem, content: Mapping[str, Any] | None, by: Actor) -> Revision:
    begun = Revision.objects.open().filter(code=item.code).first()
    if begun is not None:
        return begun
    last = item.versions.order_by("-number").first()
    wanted = content if content is not None else (last.content if last else {"title": item.title})
    said = {"code": item.code, "category_id": item.category_id, "item": item, "base": last}
    return _begun(Revision(content=_readable(wanted), **said), by)


def _begun(revision: Revision, by: Actor) -> Revision:
    revision.saved_by, revision.saved_post = by.label[:160], by.post_id
    revision.save()
    note(code=revision.code)
    return revision


def _free_code(title: str) -> str:
    """A code by the sound of the title, which the official never has to think about."""
    spelled = re.sub(r"[^a-z0-9-]", "", "-".join(syllables(title, person=False)).lower())
    stem = spelled.strip("-")[:LONGEST_CODE] or "service"
    taken = {"new", "revisions"}  # addresses of their own
    taken |= {*ServiceItem.objects.filter(code__startswith=stem).values_list("code", flat=True)}
    taken |= {*Revision.objects.filter(code__startswith=stem).values_list("code", flat=True)}
    more = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in more if one not in taken)


def _readable(content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        must_be_readable(content)
    except Misshapen as fault:
        raise Refused("content", str(fault)) from fault
    return dict(content)


@act("matters.catalogue")
def save_revision(
    revision: Revision,
    *,
    content: Mapping[str, Any],
    edition: int,
    by: Actor,
    category: str = "",
) -> Revision:
    """Keep a draft as far as it is; it need not be complete.

    `edition` is the one that was changed. Raises Refused: closed, changed, category, content.
    """
    _open(revision)
    _same(revision, edition, by)
    if category and category != revision.category_id:
        if revision.item_id or not Category.objects.filter(pk=category).exists():
            raise Refused("category", _("这个事项的类别不能改成所选的类别。"))
        revision.category_id = category
    wanted = _readable(content)
    if wanted != revision.content:
        revision.before, revision.content = revision.content, wanted
    return _kept(revision, by)


def _open(revision: Revision) -> None:
    lock(revision)
    if not revision.is_open:
        said = {"state": revision.get_state_display()}
        raise Refused("closed", _("这份草稿%(state)s，不能再改。") % said)


def _same(revision: Revision, edition: int, by: Actor) -> None:
    if not revision.is_seen_by(by.post_id, edition):
        said = {"who": revision.saved_by}
        sentence = _("%(who)s刚改过这份草稿。请刷新页面，在最新的内容上再改。") % said
        raise Refused("changed", sentence)


def _kept(revision: Revision, by: Actor) -> Revision:
    revision.edition += 1
    if revision.saved_post != by.post_id:
        revision.saved_post, revision.since = by.post_id, revision.edition
    revision.saved_by = by.label[:160]
    revision.save()
    note(code=revision.code, edition=revision.edition)
    return revision


@act("matters.catalogue")
def undo_revision(revision: Revision, *, by: Actor) -> Revision:
    """Take the last change back; once more brings it again. Raises Refused: closed, nothing."""
    _open(revision)
    if revision.before is None:
        raise Refused("nothing", _("没有可以撤销的修改。"))
    revision.before, revision.content = revision.content, revision.before
    return _kept(revision, by)


@act("matters.catalogue")
def discard_revision(revision: Revision, *, by: Actor) -> Revision:
    """Put a draft away; it can be restored. Raises Refused: closed."""
    _open(revision)
    revision.state = Revision.State.DISCARDED
    return _kept(revision, by)


@act("matters.catalogue")
def restore_revision(revision: Revision, *, by: Actor) -> Revision:
    """Take a discarded draft up again. Raises Refused: not_discarded, another."""
    lock(revision)
    if revision.state != Revision.State.DISCARDED:
        raise Refused("not_discarded", _("这份草稿没有放弃，不用恢复。"))
    if Revision.objects.open().filter(code=revision.code).exists():
        raise Refused("another", _("这个事项已经有一份起草中的草稿，请先发布或放弃它。"))
    revision.state = Revision.State.OPEN
    return _kept(revision, by)


@act("matters.catalogue")
def publish_revision(
    revision: Revision, *, effective_from: date, edition: int, by: Actor, offer: bool = True
) -> Revision:
    """Publish a draft from a day on; a new item is offered in the whole city when `offer` is set.

    Raises Refused: closed, changed, overtaken, too_early, content with every fault.
    """
    _open(revision)
    _same(revision, edition, by)
    if effective_from < timezone.localdate(moment()):
        raise Refused("too_early", _("施行日期不能早于今天。"), {"effective_from": "range"})
    item = ServiceItem.objects.filter(code=revision.code).first()
    last = item.versions.order_by("-number").first() if item else None
    if last is not None and last.pk != revision.base_id:
        said = {"number": last.number}
        sentence = _("起草期间已经发布了第 %(number)s 版。请放弃这份草稿，从新版本重新起草。")
        raise Refused("overtaken", sentence % said)
    city = Division.objects.get(pk=revision.division_id)
    version = publish_version(
        city, code=revision.code, category=revision.category_id, content=revision.content,
        effective_from=effective_from, by=by,
    )  # fmt: skip
    if last is None and offer:
        set_offering(city, item=version.item, offered=True, by=by)
    revision.item, revision.state = version.item, Revision.State.PUBLISHED
    return _kept(revision, by)
