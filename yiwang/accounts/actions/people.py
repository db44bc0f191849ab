"""People who sign in: opened, changed, unlocked, given a new temporary password."""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor, forget_actor
from yiwang.accounts.models import LogInFailure, Post, User
from yiwang.accounts.reads import password_rules
from yiwang.accounts.roles import Role
from yiwang.accounts.rules import refuse_grant
from yiwang.core.acts import act, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text, initials, pinyin
from yiwang.divisions.models import Division

# Without 0 O 1 l I: a temporary password is read from a paper or over the telephone.
_KINDS = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "#%+=?@")


@act("accounts.manage")
def create_person(
    division: Division, *, name: str, username: str, phone: str = "", sealed: str = "", by: Actor
) -> User:
    """Open an account; the person gets `temporary_password`, shown once. Refused: name taken.

    An account taken over from elsewhere brings the hash of its password along as `sealed`.
    """
    username = username.strip().lower()
    _refuse_taken(username)
    person = User(username=username, name=clean_text(name), phone=phone, home=division)
    _spell(person)
    person.password = sealed
    password = "" if sealed else _give_temporary(person)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise _taken() from None
    note(username=username, name=person.name)
    person.temporary_password = password
    return person


@act("accounts.manage")
def change_person(
    person: User, *, name: str, phone: str, is_active: bool, reason: str = "", by: Actor
) -> User:
    """Correct a name or telephone, stop or reopen an account. Refused for one's own or a higher."""
    _refuse_unless_below(person, by)
    before = {"name": person.name, "phone": person.phone, "is_active": person.is_active}
    person.name, person.phone, person.is_active = clean_text(name), phone, is_active
    _spell(person)
    person.save()
    after = {"name": person.name, "phone": person.phone, "is_active": person.is_active}
    note(
        before={key: value for key, value in before.items() if after[key] != value},
        after={key: value for key, value in after.items() if before[key] != value},
    )
    _forget(person)
    return person


@act("accounts.manage")
def reset_password(person: User, *, reason: str = "", by: Actor) -> User:
    """Give a new `temporary_password`, shown once; the old one and all sessions end."""
    _refuse_unless_below(person, by)
    password = _give_temporary(person)
    person.save()
    LogInFailure.objects.filter(username=person.username.lower()).delete()
    _forget(person)
    person.temporary_password = password
    return person


@act("accounts.manage")
def unlock(person: User, *, reason: str = "", by: Actor) -> User:
    """Forget the failed log-ins that locked the account."""
    _refuse_unless_below(person, by)
    gone, _by_model = LogInFailure.objects.filter(username=person.username.lower()).delete()
    note(failures=gone)
    return person


def _refuse_unless_below(person: User, by: Actor) -> None:
    """Raises Refused when the person holds a post that `by` could not have given.

    Otherwise whoever resets a password could sign in as someone with more rights.
    """
    if by.user_id == person.pk:
        raise Refused("own_account", _("自己的账号请在“我的账号”里办理，或请其他管理员办理。"))
    for post in Post.objects.filter(user=person, ended_at__isnull=True):
        refuse_grant(Role(post.role), post.division_id, by)


def _give_temporary(person: User) -> str:
    """A random password by the rules in force, to be changed at the first log-in."""
    length = max(password_rules().length, len(_KINDS))
    chars = [secrets.choice(kind) for kind in _KINDS]
    chars += [secrets.choice("".join(_KINDS[:3])) for _more in range(length - len(chars))]
    secrets.SystemRandom().shuffle(chars)
    password = "".join(chars)
    person.password = make_password(password)
    person.must_change_password = True
    hours = int(parameter("accounts.invitation_hours"))
    person.temporary_until = timezone.now() + timedelta(hours=hours)
    return password


def _spell(person: User) -> None:
    person.name_pinyin = pinyin(person.name)[:120]
    person.name_initials = initials(person.name)[:20]


def _refuse_taken(username: str) -> None:
    if User.objects.filter(username__iexact=username).exists():
        raise _taken()


def _taken() -> Refused:
    sentence = _("这个用户名已有人使用，请换一个。")
    return Refused("username_taken", sentence, {"username": sentence})


def _forget(person: User) -> None:
    forget_actor(person.pk, *Post.objects.filter(user=person).values_list("pk", flat=True))
