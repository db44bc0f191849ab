"""Good passwords, locks, posts that exclude each other, and who may give which post to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.accounts.roles import GRANTS, Role
from yiwang.core.errors import Refused
from yiwang.divisions.rules import Depth, depth_of

# GB/T 22239 8.1.4.2: system, security and audit administrators are different people.
SEPARATE = frozenset({Role.ADMINISTRATOR, Role.DATA_OFFICER, Role.AUDITOR})
# Who may appoint administrators of the own level: the installation's, and the lead department.
HEADS = frozenset({Role.ADMINISTRATOR, Role.CIVIL_AFFAIRS})
# A part of a name shorter than this is found in passwords by accident.
TELLING = 3


@dataclass(frozen=True)
class PasswordRules:
    """SEC-3: least length, how many of the four kinds of characters, how many old ones differ."""

    length: int
    classes: int
    remembered: int


@dataclass(frozen=True)
class LockRules:
    """SEC-3: this many failures within the minutes lock a user name for as long."""

    tries: int
    minutes: int


def password_faults(password: str, rules: PasswordRules, names: Iterable[str] = ()) -> list[str]:
    """What is wrong with a password, as sentences; an empty list when it may be used.

    `names` are the person's user name, name and pinyin, which a password must not contain.
    """
    faults = []
    if len(password) < rules.length:
        faults.append(
            ngettext("密码至少 %(count)s 个字符。", "密码至少 %(count)s 个字符。", rules.length)
            % {"count": rules.length}
        )
    if _classes(password) < rules.classes:
        faults.append(
            _("密码须包含大写字母、小写字母、数字、符号中的至少 %(count)s 种。")
            % {"count": rules.classes}
        )
    small = password.lower()
    if any(len(name) >= TELLING and name.lower() in small for name in names):
        faults.append(_("密码不能包含用户名、姓名或姓名拼音。"))
    if len(password) >= rules.length and len(set(password)) <= rules.length // 2 - 1:
        faults.append(_("密码的重复字符太多，容易被猜到。"))
    return faults


def _classes(password: str) -> int:
    kinds = (str.isupper, str.islower, str.isdigit)
    known = sum(any(kind(char) for char in password) for kind in kinds)
    other = any(not (char.isupper() or char.islower() or char.isdigit()) for char in password)
    return known + other


def locked_until(failures: Sequence[datetime], rules: LockRules) -> datetime | None:
    """When a lock that the failures (newest first) brought about ends; None without a lock."""
    if len(failures) < rules.tries:
        return None
    span = timedelta(minutes=rules.minutes)
    newest = failures[0]
    return newest + span if failures[rules.tries - 1] >= newest - span else None


class Grantor(Protocol):
    """Whoever appoints: an actor; the system itself has neither role nor person."""

    @property
    def role(self) -> Role | None: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def division_id(self) -> int: ...


def refuse_grant(role: Role, division_id: int, by: Grantor) -> None:
    """Raises Refused unless `by` may give this role in this division (DIV-13, SEC-4).

    That the division lies in the own subtree is asked with the right and not again here.
    """
    if depth_of(division_id) not in GRANTS[role].levels:
        raise Refused(
            "level",
            _("“%(role)s”不设在这一级，请换岗位或换单位。") % {"role": role.label},
            {"role": _("这一级没有这个岗位。")},
        )
    if by.role is None and by.user_id is None:
        return
    if role in SEPARATE and by.role is not Role.ADMINISTRATOR:
        raise Refused("administrators_only", _("这个岗位只能由系统管理员任命。"))
    equal = division_id == by.division_id and "accounts.manage" in GRANTS[role].rights
    if equal and by.role not in HEADS:
        raise Refused("own_level", _("本级的管理岗位由上一级任命。"))


def conflicting(role: Role, held: Iterable[Role]) -> Role | None:
    """The role among those held that one person may not hold together with this one."""
    if role not in SEPARATE:
        return None
    return next((other for other in held if other in SEPARATE and other != role), None)


def overlap(starts: date, ends: date | None, other_starts: date, other_ends: date | None) -> bool:
    """Whether two terms share a day; a term without an end lasts for ever."""
    return (other_ends is None or starts <= other_ends) and (ends is None or other_starts <= ends)


def roles_on(level: Depth) -> list[Role]:
    """The roles that exist on a level (requirements/README.md, section on actors)."""
    return [role for role, grant in GRANTS.items() if level in grant.levels]
