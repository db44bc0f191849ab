"""A service subject: applies, is looked at, admitted, suspended, removed; its papers (DIV-12)."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.models import Scan as FileScan
from yiwang.core.reads import file_limits, parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.core.scanner import scan_soon
from yiwang.divisions.models import Division
from yiwang.needs.rules.categories import Category
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind
from yiwang.organizations.models import (
    Application,
    Event,
    Organization,
    Paper,
    Provider,
    ServiceArea,
)
from yiwang.organizations.rules.kinds import checks, legal_forms, paper_kinds
from yiwang.organizations.rules.states import (
    APPLY_AGAIN,
    PROVIDER_MOVES,
    REASONED,
    UNDECIDED,
    ProviderState,
)

from .entering import must_be_live, today, trace
from .sharing import public_phone

_ENOUGH: Final = 2
_TOLD: Final[Mapping[str, Kind]] = {
    ProviderState.RETURNED: Kind.JOIN_RETURNED,
    ProviderState.APPROVED: Kind.JOIN_APPROVED,
    ProviderState.REFUSED: Kind.JOIN_REFUSED,
}
_FILE_TYPES: Final = {
    b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What a service subject offers: in which of the ten categories, what, when, where, by whom."""

    categories: Sequence[str]
    services: str
    phone: str
    hours: str = ""
    areas: Sequence[Division] = ()


@dataclass(frozen=True)
class Scan:
    """The picture of a paper as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class PaperSaid:
    """What stands on a paper."""

    kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@act("organizations.change")
def apply_as_provider(one: Organization, *, offer: Offer, by: Actor) -> Provider:
    """Apply, or apply again after a refusal or removal. Raises Refused: not_live, applied, invalid."""
    return begin(one, offer, by)


@act("organizations.change")
def change_offer(provider: Provider, *, offer: Offer, by: Actor) -> Provider:
    """Other services, hours, telephone or area. Raises Refused: not_live, invalid."""
    lock(provider)
    must_be_live(provider.organization)
    before = sorted(provider.categories)
    say(provider, offer)
    note(categories=[before, sorted(provider.categories)])
    return provider


@act("organizations.approve")
def decide_provider(
    provider: Provider, *, to: str, checked: Iterable[str] = (), reason: str = "", by: Actor
) -> Provider:
    """Admit, ask for corrections, refuse, suspend, resume or remove.

    To admit, every check has been made and the paper that the legal form asks for is valid.
    Corrections are asked for once, of whoever applied without an account; `reason` lists them all.
    Raises Refused: no_such_move, reason_needed, unchecked, no_paper, expired, not_live, asked.
    """
    lock(provider)
    must_be_live(provider.organization)
    if to not in PROVIDER_MOVES.get(provider.state, frozenset()):
        sentence = _("现在是“%(state)s”，不能这样改。") % {"state": provider.get_state_display()}
        raise Refused("no_such_move", sentence)
    told = clean_text(reason, multiline=to == ProviderState.RETURNED)[:300]
    if to in REASONED and len(told) < _ENOUGH:
        raise Refused("reason_needed", _("请写明原因。"), {"reason": _("请写明原因。")})
    made = [code for code in checks() if code in set(checked)]
    if to == ProviderState.APPROVED:
        _must_be_admissible(provider, made)
    if to == ProviderState.RETURNED:
        _ask_once(provider, told)
    note(state=[provider.state, to], checked=made)
    before, provider.state = provider.state, to
    provider.decided_on = None if to == ProviderState.RETURNED else today()
    provider.checked = made or provider.checked
    provider.save()
    trace(provider.organization, Event.Topic.PROVIDER, to, by, told)
    _tell_applicant(provider, before, by)
    return provider


@act("organizations.change")
def record_paper(
    one: Organization,
    *,
    kind: str,
    number: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    scan: Scan | None = None,
    by: Actor,
) -> Paper:
    """A licence or certificate; it replaces the one of its kind. No last day means: for ever.

    Raises Refused: not_live, invalid, too_big, file_type.
    """
    said = PaperSaid(kind, number, issued_on, expires_on)
    return put_paper(one, said, by, scan=scan)


@act("organizations.change")
def remove_paper(paper: Paper, *, by: Actor) -> Paper:
    """Entered by mistake: no longer counted; the one before it is not brought back.

    Raises Refused: not_live, replaced.
    """
    lock(paper)
    must_be_live(paper.organization)
    if paper.replaced:
        raise Refused("replaced", _("这份证照已经不用了。"))
    paper.replaced = True
    paper.save(update_fields=["replaced", "updated_at"])
    return paper


# ---------- parts ----------


def begin(
    one: Organization, offer: Offer, by: Actor, application: Application | None = None
) -> Provider:
    """Applied for, by staff or by the organisation itself. Raises what `apply_as_provider` does."""
    lock(one)
    must_be_live(one)
    provider = Provider.objects.filter(organization=one).first()
    if provider is not None and provider.state not in APPLY_AGAIN:
        raise Refused(
            "applied",
            _("已经登记为服务主体，现在是“%(state)s”。") % {"state": provider.get_state_display()},
        )
    provider = provider or Provider(organization=one)
    provider.state, provider.applied_on = ProviderState.APPLIED, today()
    provider.decided_on, provider.checked, provider.application = None, [], application
    say(provider, offer)
    trace(one, Event.Topic.PROVIDER, provider.state, by, "")
    note(organization=one.pk)
    return provider


def put_paper(
    one: Organization, said: PaperSaid, by: Actor, *, scan: Scan | None = None, upload: Any = None
) -> Paper:
    """A paper in the place of the one of its kind: `scan` from staff, `upload` from an applicant."""
    lock(one)
    must_be_live(one)
    _must_be_a_paper(said.kind, said.issued_on, said.expires_on)
    paper = Paper(
        organization=one, kind=said.kind, number=clean_text(said.number)[:60],
        issued_on=said.issued_on, expires_on=said.expires_on, by_label=by.label[:160],
    )  # fmt: skip
    if scan is not None:
        _attach(paper, scan)
    if upload is not None:
        paper.keep(upload, limits=file_limits())
        scan_soon(paper, looked_at)
    held = Paper.objects.filter(organization=one, kind=said.kind).current()
    replaced = held.update(replaced=True)
    paper.save()
    note(organization=one.pk, kind=said.kind, replaced=replaced)
    return paper


def looked_at(paper: Paper) -> Paper:
    """Look for viruses, as the job and the end of an upload do it (EXP-27)."""
    about, by = str(paper.organization), Actor.system().within_act("core.scan")
    found: Paper = scan_file(paper, about=about, by=by)
    if found.scan == FileScan.INFECTED and not found.replaced:
        found.replaced = True
        found.save()
    return found


def _tell_applicant(provider: Provider, before: str, by: Actor) -> None:
    """Whoever applied without an account is told what became of it, at the telephone left."""
    application, kind = provider.application, _TOLD.get(provider.state)
    if application is None or kind is None or before not in UNDECIDED:
        return
    one = provider.organization
    Message.objects.create(
        division_id=one.division_id, unit_id=by.unit_id, kind=kind,
        to_name=application.contact_name, to_phone=application.contact_phone,
        reference=f"organization:{application.number}", facts={"organization": one.pk},
    )  # fmt: skip


def _ask_once(provider: Provider, told: str) -> None:
    application = provider.application
    if application is None:
        raise Refused("no_such_move", _("这不是网上申请，请直接联系对方修改。"))
    if application.asked:
        raise Refused("asked", _("已经通知补正过一次，现在只能通过或不通过。"))
    application.asked, application.asked_on = told, today()
    application.save()


def say(provider: Provider, offer: Offer) -> None:
    faults = {}
    if not offer.categories or not set(offer.categories) <= set(Category.values):
        faults["categories"] = _("请至少选择十类服务中的一类。")
    if len(clean_text(offer.services)) < _ENOUGH:
        faults["services"] = _("请写明提供哪些服务，居民按这些词查找。")
    if not offer.phone.strip():
        faults["phone"] = _("请填写居民可以打的电话。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)
    provider.categories = sorted(set(offer.categories))
    provider.services = clean_text(offer.services)[:300]
    provider.hours, provider.phone = clean_text(offer.hours)[:120], public_phone(offer.phone)
    provider.save()
    areas = {one.pk for one in offer.areas} or {provider.organization.division_id}
    provider.served.exclude(division_id__in=areas).delete()
    ServiceArea.objects.bulk_create(
        [ServiceArea(provider=provider, division_id=key) for key in sorted(areas)],
        ignore_conflicts=True,
    )


def _must_be_admissible(provider: Provider, made: Sequence[str]) -> None:
    one = provider.organization
    if provider.state == ProviderState.APPLIED and set(made) != set(checks()):
        sentence = _("请逐项核查并勾选后再通过。")
        raise Refused("unchecked", sentence, {"checked": sentence})
    held = Paper.objects.filter(organization=one).current()
    form = legal_forms().get(one.legal_form)
    if form and form.paper and not held.filter(kind=form.paper).exists():
        name = paper_kinds()[form.paper].label
        raise Refused("no_paper", _("还没有登记%(paper)s，不能通过。") % {"paper": name})
    if (stale := held.expired(today()).first()) is not None:
        sentence = _("%(paper)s已于 %(day)s 到期，请先换新证。") % {
            "paper": stale.kind_label,
            "day": stale.expires_on,
        }
        raise Refused("expired", sentence)


def _must_be_a_paper(kind: str, issued_on: date | None, expires_on: date | None) -> None:
    faults = {}
    if kind not in paper_kinds():
        faults["kind"] = _("请从清单里选择证照。")
    if issued_on and expires_on and expires_on < issued_on:
        faults["expires_on"] = _("有效期早于发证日期。")
    if issued_on and issued_on > today():
        faults["issued_on"] = _("日期还没有到。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)


def _attach(paper: Paper, scan: Scan) -> None:
    most = int(parameter("organizations.paper_megabytes"))
    if len(scan.content) > most * 2**20:
        sentence = _("扫描件超过 %(most)s MB，请压缩后再传。") % {"most": most}
        raise Refused("too_big", sentence, {"scan": sentence})
    kind = next((kind for head, kind in _FILE_TYPES.items() if scan.content.startswith(head)), "")
    if not kind:
        sentence = _("扫描件要是照片或 PDF。")
        raise Refused("file_type", sentence, {"scan": sentence})
    paper.file_name, paper.content_type = clean_text(scan.name)[-200:], kind
    paper.sealed = base64.b64encode(scan.content).decode()
