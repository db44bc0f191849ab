"""The data officer grants, limits or refuses, suspends, resumes and ends (INF-10)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.sharing.models import Agreement, AgreementVersion, Member
from yiwang.sharing.reads import sensitive
from yiwang.sharing.rules.scope import Scope
from yiwang.sharing.rules.states import State

from .agreements import cleaned, move


@act("sharing.decide")
def grant_agreement(
    agreement: Agreement, *, limit: Scope | None = None, answer: str = "", by: Actor
) -> Agreement:
    """Grant what was asked, or with `limit` less of it; a new version comes into force at once.

    A suspended agreement that is renewed stays suspended. Raises Refused: wrong_state, two_people,
    reason_needed when it is limited, or selects by a sensitive tag, without a word why, invalid.
    """
    lock(agreement)
    wanted = _wanted(agreement, by)
    scope = cleaned(wanted.limited(limit) if limit else wanted, agreement.division)
    limited = scope != wanted
    words = clean_text(answer)[:300]
    if limited and not words:
        sentence = _("批准的比申请的少，请写明理由。")
        raise Refused("reason_needed", sentence, {"answer": sentence})
    if sensitive(scope) and not words:
        sentence = _("按敏感人群选人，请写明用途为什么需要它。")
        raise Refused("reason_needed", sentence, {"answer": sentence})
    if agreement.state == State.ASKED:
        move(agreement, State.IN_FORCE)
    agreement.put(scope)
    agreement.version += 1
    agreement.starts_on = agreement.starts_on or timezone.localdate(moment())
    _answered(agreement, words, by)
    agreement.save()
    AgreementVersion.objects.create(
        agreement=agreement, number=agreement.version, content=scope.as_dict(), limited=limited,
        answer=words, granted_on=timezone.localdate(moment()), by_label=by.label[:160],
    )  # fmt: skip
    note(version=agreement.version, scope=scope.as_dict(), limited=limited)
    return agreement


@act("sharing.decide")
def refuse_agreement(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """Refuse a new agreement, or the renewal of a running one, which goes on unchanged.

    Raises Refused: wrong_state, two_people, reason_needed.
    """
    lock(agreement)
    _wanted(agreement, by)
    words = must_say(reason)
    if agreement.state == State.ASKED:
        move(agreement, State.REFUSED)
    _answered(agreement, words, by)
    agreement.save()
    return agreement


@act("sharing.decide")
def suspend_agreement(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """Nothing is read until it is resumed. Raises Refused: wrong_state, reason_needed."""
    return _moved(agreement, State.SUSPENDED, reason)


@act("sharing.decide")
def resume_agreement(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """Go on after a suspension. Raises Refused: wrong_state, reason_needed."""
    lock(agreement)
    if agreement.state != State.SUSPENDED:
        raise Refused("wrong_state", _("只有已暂停的协议可以恢复。"))
    return _moved(agreement, State.IN_FORCE, reason)


@act("sharing.decide")
def end_agreement(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """End for good, with what still waits. Raises Refused: wrong_state, reason_needed."""
    return _moved(agreement, State.ENDED, reason)


def _moved(agreement: Agreement, to: str, reason: str) -> Agreement:
    lock(agreement)
    words = must_say(reason)
    before = agreement.state
    move(agreement, to)
    agreement.answer = words
    if to == State.ENDED:
        agreement.asked, agreement.next_file_on, agreement.file_days = None, None, 0
        Member.objects.within(agreement).delete()
    agreement.save()
    note(before=before, after=to)
    return agreement


def must_say(reason: str) -> str:
    """The reason in one form. Raises Refused reason_needed."""
    words = clean_text(reason)[:300]
    if not words:
        sentence = _("请写明理由。")
        raise Refused("reason_needed", sentence, {"answer": sentence})
    return words


def _wanted(agreement: Agreement, by: Actor) -> Scope:
    if agreement.wanted is None:
        raise Refused("wrong_state", _("没有等待审批的申请。"))
    if agreement.by_user_id is not None and agreement.by_user_id == by.user_id:
        raise Refused("two_people", _("申请和审批要由两个人分别办理。"))
    return agreement.wanted


def _answered(agreement: Agreement, words: str, by: Actor) -> None:
    agreement.asked, agreement.answer = None, words
    agreement.decided_by, agreement.decided_at = by.label[:160], moment()
