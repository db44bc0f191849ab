"""Acceptances that are not finished yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters.models import Bundle, Draft
from yiwang.matters.reads import planned
from yiwang.matters.rules import Channel
from yiwang.residents.models import Resident


@act("matters.draft")
def save_draft(
    division: Division,
    *,
    by: Actor,
    item: str,
    draft: Draft | None = None,
    resident: Resident | None = None,
    channel: str = Channel.WINDOW,
    typed: Mapping[str, Any] | None = None,
    bundle: Bundle | None = None,
) -> Draft:
    """Keep an acceptance that is not finished yet; Refused when it is finished already."""
    if draft is not None and draft.matter_id:
        raise Refused("draft_done", _("这份草稿已经受理，不能再改。"))
    if by.post_id is None:
        raise Refused("no_post", _("没有岗位，不能保存草稿。"))
    kept = draft or Draft(post_id=by.post_id, division_id=division.pk)
    kept.item = planned(item).item
    kept.channel = channel
    if bundle is not None:
        kept.bundle = bundle
    if resident is not None:
        kept.resident = resident
    if typed is not None:
        kept.typed = dict(typed)
    kept.save()
    return kept


@act("matters.draft")
def discard_draft(draft: Draft, *, by: Actor) -> Draft:
    """Throw a draft away; Refused when it has become a matter."""
    if draft.matter_id:
        raise Refused("draft_done", _("这份草稿已经受理，不能删除。"))
    number = draft.pk
    draft.delete()
    draft.pk = number
    return draft


def drop_files(paths: Iterable[str]) -> None:
    """Remove files a draft kept; one that is gone already is no fault."""
    for path in paths:
        default_storage.delete(path)
