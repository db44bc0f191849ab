"""An organisation applies itself, hands in papers, sends corrections: no account is needed (DIV-12)."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.organizations.models import Application, Event, Organization, Paper, Provider
from yiwang.organizations.reads.duplicates import holder_of
from yiwang.organizations.rules.kinds import legal_forms
from yiwang.organizations.rules.states import APPLY_AGAIN, UNDECIDED, ProviderState
from yiwang.residents.actions.settling import source_of
from yiwang.residents.models import SourceKind

from .entering import (
    cleaned,
    enter,
    held_values,
    must_be_enough,
    must_be_live,
    must_fit,
    must_stay_one,
    today,
    trace,
)
from .providers import Offer, PaperSaid, begin, put_paper, say
from .settling import keep

MOST_PAPERS: Final = 20
"""Papers one application may bring: the ten kinds, each twice."""
_ASKED_OF_APPLICANTS: Final = ("name", "legal_form", "credit_code", "address")
_CONTACT: Final = ("contact_name", "contact_phone")


@act("organizations.apply")
def send_application(
    place: Division, *, values: Mapping[str, str], offer: Offer, by: Actor
) -> Application:
    """Apply from the community where the organisation is; staff look at it as at any other.

    An organisation on file keeps what better sources say of it. Raises Refused: invalid,
    not_a_community, other_place, not_live, applied.
    """
    told = _told(values)
    _must_be_whole(told)
    must_fit(told, place)
    one = holder_of(told.get("credit_code", ""))
    source = source_of(SourceKind.RESIDENT, _("网上申请"), by)
    if one is None:
        one = enter(place, told, source, by)
    else:
        lock(one)
        _must_be_open(one)
        keep(one, told, source)
    application = Application.objects.create(
        organization=one, **{code: told[code] for code in _CONTACT}
    )
    begin(one, offer, by, application)
    note(number=application.number)
    return application


@act("organizations.apply")
def hand_in_paper(
    application: Application, *, said: PaperSaid, upload: Any, by: Actor
) -> Application:
    """A photo or PDF of a paper, while nothing is decided.

    Raises Refused: decided, too_many, no_file, invalid and what a file is refused for.
    """
    provider = _undecided(application)
    one = provider.organization
    sent = Paper.objects.filter(organization=one, created_at__gte=application.created_at)
    if sent.count() >= MOST_PAPERS:
        raise Refused("too_many", _("一次申请最多 %(most)s 份证照。") % {"most": MOST_PAPERS})
    if upload is None:
        sentence = _("请选择证照的照片或 PDF。")
        raise Refused("no_file", sentence, {"scan": sentence})
    put_paper(one, said, by, upload=upload)
    return application


@act("organizations.apply")
def send_corrections(
    application: Application, *, values: Mapping[str, str], offer: Offer, by: Actor
) -> Application:
    """Answer the one request for corrections; what is left empty stays as it was.

    Raises Refused: not_asked, invalid, other_place, already_registered.
    """
    provider = _undecided(application)
    if provider.state != ProviderState.RETURNED:
        raise Refused("not_asked", _("这份申请现在不需要补正。"))
    one = provider.organization
    lock(one)
    must_be_live(one)
    told = {code: value for code, value in _told(values).items() if value}
    held = held_values(one)
    # The contact of an application is its own, whoever the register names.
    _must_be_whole({**held, "contact_name": "-", "contact_phone": "-", **told})
    must_fit(told, one.division)
    must_stay_one(one, told)
    if changed := {code: value for code, value in told.items() if value != held.get(code)}:
        keep(one, changed, source_of(SourceKind.RESIDENT, _("网上申请"), by))
    for code in _CONTACT:
        setattr(application, code, told.get(code) or getattr(application, code))
    application.answered_on = today()
    application.save()
    provider.state = ProviderState.APPLIED
    say(provider, offer)
    trace(one, Event.Topic.PROVIDER, provider.state, by, _("补正已提交"))
    note(number=application.number, fields=sorted(changed))
    return application


@act("organizations.apply")
def withdraw_application(application: Application, *, by: Actor) -> Application:
    """Take an application back while nothing is decided; one may apply again. Raises decided."""
    provider = _undecided(application)
    provider.state, provider.decided_on = ProviderState.WITHDRAWN, today()
    provider.save()
    trace(provider.organization, Event.Topic.PROVIDER, provider.state, by, _("申请单位撤回"))
    note(number=application.number)
    return application


# ---------- parts ----------


def _told(values: Mapping[str, str]) -> dict[str, str]:
    wanted = (*_ASKED_OF_APPLICANTS, *_CONTACT)
    return cleaned({code: values.get(code, "") for code in wanted})


def _must_be_whole(told: Mapping[str, str]) -> None:
    """Enough for the register, the code of forms that have one, and somebody to ring."""
    must_be_enough(told)
    faults = {}
    form = legal_forms()[told["legal_form"]]
    if form.is_coded and not told.get("credit_code"):
        faults["credit_code"] = _("请填写统一社会信用代码，证照上有。")
    if not told.get("contact_name"):
        faults["contact_name"] = _("请填写联系人。")
    if not told.get("contact_phone"):
        faults["contact_phone"] = _("请填写联系电话，查进度时要核对末四位。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)


def _must_be_open(one: Organization) -> None:
    """Before a word about an organisation on file is kept: it may apply at all."""
    must_be_live(one)
    provider = Provider.objects.filter(organization=one).first()
    if provider is not None and provider.state not in APPLY_AGAIN:
        sentence = _("这个代码的单位已经申请或入驻，不用再申请；要查申请请用申请编号。")
        raise Refused("applied", sentence, {"credit_code": sentence})


def _undecided(application: Application) -> Provider:
    provider = Provider.objects.filter(application=application).first()
    if provider is not None:
        lock(provider)
    if provider is None or provider.state not in UNDECIDED:
        raise Refused("decided", _("这份申请已经办结，不能再改。"))
    return provider
