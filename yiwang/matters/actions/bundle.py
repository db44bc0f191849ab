"""Bundles: published by the city, accepted as a whole on one form (INF-08)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed
from yiwang.divisions.models import Division
from yiwang.matters.models import Bundle, BundleCase, Draft, Matter, ServiceItem
from yiwang.matters.reads import Planned
from yiwang.matters.reads.bundle import Bundled, bundled
from yiwang.matters.rules import Channel
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind
from yiwang.residents.models import Resident

from .acceptance import NOBODY, Agent, accept_matter, next_number
from .papers import HandedIn
from .telling import message_of

SIGNATURES = frozenset({"signature", "paper_signature"})


@dataclass(frozen=True)
class HandIn:
    """One form for all parts: what was answered, asked, confirmed, and handed in."""

    resident: Resident
    channel: str
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: Sequence[str] = ()
    confirmed: Sequence[str] = ()
    materials: Sequence[HandedIn] = ()
    not_from_file: Sequence[str] = ()
    agent: Agent = NOBODY


@act("matters.accept")
def accept_bundle(
    division: Division,
    *,
    bundle: Bundle,
    hand_in: HandIn,
    by: Actor,
    parts: Sequence[str] | None = None,
    draft: Draft | None = None,
) -> BundleCase:
    """Accept the items of a bundle as one case with one number; each part is a matter under it.

    All or nothing. Raises Refused as `accept_matter` does for any of the parts, and retired.
    """
    now = moment()
    today = timezone.localdate(now)
    if not Bundle.objects.in_force(today).filter(pk=bundle.pk).exists():
        raise Refused("retired", _("“%(title)s”现在不受理。") % {"title": bundle.label})
    plan = bundled(bundle, parts, today)
    case = BundleCase.objects.create(
        number=next_number(today), bundle=bundle, title=bundle.title,
        division_id=hand_in.resident.division_id, resident=hand_in.resident,
        channel=Channel(hand_in.channel), acceptor_unit_id=by.unit_id,
        acceptor_post_id=by.post_id, accepted_at=now,
    )  # fmt: skip
    matters = _accept_parts(division, plan, hand_in, by)
    Matter.objects.filter(pk__in=[one.pk for one in matters]).update(bundle_case=case)
    case.fields_asked = sum(one.fields_asked for one in matters)
    case.fields_alone = sum(one.fields_needed for one in matters)
    case.save(update_fields=["fields_asked", "fields_alone", "updated_at"])
    if draft is not None:
        Draft.objects.filter(pk=draft.pk).update(matter=matters[0], typed_sealed=None)
    _tell_once(bundle, matters, by)
    note(number=case.number, parts=[one.number for one in matters])
    return case


def _tell_once(bundle: Bundle, matters: Sequence[Matter], by: Actor) -> None:
    """One notice for the whole, under the number of the first part: its page leads to the others."""
    last = timezone.localdate(max(one.due_at for one in matters)).isoformat()
    words = {"item": bundle.title, "item_en": bundle.title_en, "due": last}
    Message.objects.bulk_create(message_of(matters[0], Kind.ACCEPTED, by.unit_name, **words))


def _accept_parts(division: Division, plan: Bundled, hand_in: HandIn, by: Actor) -> list[Matter]:
    """Each item with its own fields and documents; what was asked counts for the first that asks."""
    matters: list[Matter] = []
    told: set[str] = set()
    for part in plan.parts:
        fields = set(part.guide.form_for(hand_in.answers))
        matters.append(
            accept_matter(
                division,
                item=part.item.code,
                resident=hand_in.resident,
                answers={key: hand_in.answers[key] for key in hand_in.answers
                         if key in fields or key == "signature_witness"},
                channel=hand_in.channel,
                materials=_papers_for(part, hand_in.materials, first=not matters),
                agent=hand_in.agent,
                asked=[code for code in hand_in.asked if code in fields - told],
                confirmed=[code for code in hand_in.confirmed if code in fields - told],
                not_from_file=hand_in.not_from_file,
                quiet=True,
                by=by,
            )
        )  # fmt: skip
        told |= fields
    return matters


def _papers_for(part: Planned, materials: Sequence[HandedIn], *, first: bool) -> list[HandedIn]:
    """The documents a part needs, each file anew; only the first part puts them on file."""
    codes = {need.code for need in part.guide.materials} | SIGNATURES
    return [_again(one, first) for one in materials if one.code in codes]


def _again(one: HandedIn, first: bool) -> HandedIn:
    if one.upload is None:
        return one
    one.upload.seek(0)
    copy = SimpleUploadedFile(one.upload.name, one.upload.read(), one.upload.content_type)
    return replace(one, upload=copy, filing=one.filing if first else None)


@act("matters.catalogue")
def publish_bundle(
    division: Division, *, code: str, facts: Mapping[str, Any], items: Sequence[str], by: Actor
) -> Bundle:
    """Make or change a bundle; `facts`: title, title_en, summary, summary_en, always, starts_on.

    Cases keep the items they were accepted with. Raises Refused: title_missing, too_few, no_such_item,
    variants, always.
    """
    title = str(facts.get("title") or "").strip()
    if not title:
        raise Refused("title_missing", _("请写名称。"), {"title": "required"})
    always = list(facts.get("always") or [])
    _must_go_together(items, always)
    bundle, new = Bundle.objects.get_or_create(
        code=code,
        defaults={"title": title, "items": list(items), "starts_on": timezone.localdate()},
    )
    note(code=code, new=new, before=bundle.items, after=list(items))
    bundle.title, bundle.items, bundle.always = title[:120], list(items), always
    bundle.title_en = str(facts.get("title_en") or "")[:200]
    bundle.summary = str(facts.get("summary") or "")[:400]
    bundle.summary_en = str(facts.get("summary_en") or "")[:600]
    bundle.starts_on = facts.get("starts_on") or bundle.starts_on
    bundle.retired_on, bundle.changed_by = None, by.label[:160]
    bundle.save()
    return bundle


def _must_go_together(items: Sequence[str], always: Sequence[str]) -> None:
    if len(set(items)) < 2:
        sentence = _("一件事至少包含两个事项。")
        raise Refused("too_few", sentence, {"items": sentence})
    found = {one.code: one for one in ServiceItem.objects.public().filter(code__in=items)}
    if missing := [code for code in items if code not in found]:
        sentence = _("目录里没有这些事项：%(codes)s。") % {"codes": listed(missing)}
        raise Refused("no_such_item", sentence, {"items": sentence})
    today = timezone.localdate()
    graded = [
        one.label for one in found.values()
        if (version := one.version_on(today)) and version.guide.variants
    ]  # fmt: skip
    if graded:
        sentence = _("按评估等级分档次的事项要单独受理：%(names)s。") % {"names": listed(graded)}
        raise Refused("variants", sentence, {"items": sentence})
    if set(always) - set(items):
        sentence = _("必办事项须在包含事项之中。")
        raise Refused("always", sentence, {"always": sentence})


@act("matters.catalogue")
def retire_bundle(bundle: Bundle, *, by: Actor, on: date | None = None) -> Bundle:
    """Stop accepting a bundle from a day on; its cases go on. Raises Refused retired."""
    lock(bundle)
    if bundle.retired_on is not None:
        raise Refused("retired", _("这个“一件事”已经停用。"))
    bundle.retired_on = on or timezone.localdate()
    bundle.changed_by = by.label[:160]
    bundle.save(update_fields=["retired_on", "changed_by", "updated_at"])
    return bundle
