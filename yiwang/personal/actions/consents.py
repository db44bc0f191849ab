"""Agreeing, taking it back, and the notice that tells what it is about (PIPL 13-17)."""

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import Consent, Notice, ResidentAccount, ResidentSession
from yiwang.personal.rules.purposes import purposes
from yiwang.residents.models import Resident


@act("personal.consent")
def give_consent(resident: Resident, *, purpose: str, how: str, by: Actor) -> Consent:
    """Agree to one purpose in the version of its text in force; twice is once.

    Raises Refused: not_live, no_consent_needed.
    """
    lock(resident)
    if not resident.is_live:
        raise Refused("not_live", _("这份档案已经结束。"))
    known = purposes().get(purpose)
    if known is None or not known.asks:
        raise Refused("no_consent_needed", _("这一项不以同意为依据，不用同意。"))
    held = Consent.objects.filter(resident=resident, purpose=purpose, withdrawn_at=None).first()
    if held is not None and held.text_version == known.version:
        return held
    if held is not None:
        held.withdrawn_at, held.withdrawn_by = moment(), by.label[:160]
        held.save()
    note(resident=resident.pk, purpose=purpose, version=known.version)
    return Consent.objects.create(
        resident=resident, purpose=purpose, basis=known.basis, text_version=known.version,
        given_at=moment(), how=Consent.How(how), given_by=by.label[:160],
    )  # fmt: skip


@act("personal.consent")
def withdraw_consent(consent: Consent, *, by: Actor) -> Consent:
    """Take an agreement back, as easily as it was given; without the online one the account ends.

    Raises Refused withdrawn.
    """
    lock(consent)
    if consent.withdrawn_at is not None:
        raise Refused("withdrawn", _("已经撤回。"))
    consent.withdrawn_at, consent.withdrawn_by = moment(), by.label[:160]
    consent.save()
    if consent.purpose == "online_account":
        _close_account(consent.resident)
    note(resident=consent.resident_id, purpose=consent.purpose)
    return consent


def _close_account(person: Resident) -> None:
    held = ResidentAccount.objects.filter(resident=person, ended_at=None)
    ResidentSession.objects.filter(account__in=held, ended_at=None).update(
        ended_at=timezone.now(), acting_for=None
    )
    held.update(ended_at=moment(), ended_why=_("本人撤回同意"))


@act("personal.notice")
def publish_notice(
    notice: Notice, *, text: str, text_en: str, starts_on: date, by: Actor
) -> Notice:
    """A new version of the notice from a day on; earlier versions stay readable.

    `notice` is the one it follows. Raises Refused: text_needed, unchanged, past.
    """
    words, words_en = (clean_text(one, multiline=True) for one in (text, text_en))
    if not (words and words_en):
        raise Refused("text_needed", _("中文和英文都要写。"))
    if starts_on < timezone.localdate(moment()):
        sentence = _("施行日期不能早于今天。")
        raise Refused("past", sentence, {"starts_on": sentence})
    if (words, words_en) == (notice.text, notice.text_en):
        raise Refused("unchanged", _("内容没有改动。"))
    latest = Notice.objects.aggregate(latest=Max("version"))["latest"] or 0
    return Notice.objects.create(
        version=latest + 1, text=words, text_en=words_en, starts_on=starts_on,
        published_by=by.label[:160],
    )  # fmt: skip
