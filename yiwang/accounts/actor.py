"""Who is acting, from which post. Pages, the API and jobs all pass one of these."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from yiwang.core.memory import forget
from yiwang.core.rules.wording import listed
from yiwang.divisions.rules import NOWHERE, Depth, KeyRange, ancestor, depth_of, range_of

from .models import Post
from .roles import EVERY_RIGHT, GRANTS, Role, roles_with

# Rights over what is one's own, wherever it lies.
OWN = frozenset({"accounts.self", "accounts.delegate"})


@dataclass(frozen=True)
class Verdict:
    """Whether someone may, and why: the sentence of the permission page and of a refusal."""

    allowed: bool
    why: str
    who_can: str = ""


@dataclass(frozen=True)
class Actor:
    """One post of one person: rights, and three scopes - where it enters, sees and may search."""

    user_id: int | None
    post_id: int | None
    role: Role | None
    unit_id: int | None
    unit_code: str
    unit_name: str
    division_id: int
    name: str
    label: str
    rights: frozenset[str]
    enter: KeyRange
    see: KeyRange
    search: KeyRange
    by_unit: bool = False
    on_behalf: bool = False

    @classmethod
    def of(cls, post: Post, *, acting: Any = None) -> Self:
        """The actor of a post; `acting` is the person who holds it by delegation."""
        role = Role(post.role)
        grant = GRANTS[role]
        own = range_of(post.division_id)
        person = acting or post.user
        behalf = f"（代 {post.user}）" if acting else ""
        return cls(
            user_id=person.pk,
            post_id=post.pk,
            role=role,
            unit_id=post.unit_id,
            unit_code=post.unit.code,
            unit_name=post.unit.name,
            division_id=post.division_id,
            name=str(person),
            label=f"{person}{behalf} · {role.label} · {post.unit.name}",
            rights=grant.rights,
            enter=own,
            see=own,
            search=_search_range(post.division_id, grant.search, own),
            by_unit=grant.by_unit,
            on_behalf=bool(acting),
        )

    @classmethod
    def system(cls) -> Self:
        """Yiwang itself: imports from the command line, jobs. Journaled as such."""
        everywhere = range_of(0)
        return cls(
            None,
            None,
            None,
            None,
            "",
            "",
            settings.CITY,
            "系统",
            "系统",
            EVERY_RIGHT,
            everywhere,
            everywhere,
            everywhere,
        )

    @classmethod
    def person(cls, user: Any) -> Self:
        """Someone signed in without a post: may look after the own account, sees nothing."""
        return cls(
            user_id=user.pk,
            post_id=None,
            role=None,
            unit_id=None,
            unit_code="",
            unit_name="",
            division_id=user.division_id or settings.CITY,
            name=str(user),
            label=str(user),
            rights=frozenset({"accounts.self"}),
            enter=NOWHERE,
            see=NOWHERE,
            search=NOWHERE,
        )

    @classmethod
    def public(cls, *rights: str, label: str = "访客") -> Self:
        """A visitor or resident without an account: only the rights named, nothing to see."""
        return cls(
            None,
            None,
            None,
            None,
            "",
            "",
            settings.CITY,
            label,
            label,
            frozenset(rights),
            range_of(0),
            NOWHERE,
            NOWHERE,
        )

    def limited_to(self, rights: list[str]) -> "Actor":
        """The same post with fewer rights: what a system's key was given."""
        return replace(self, rights=self.rights & frozenset(rights))

    def within_act(self, *rights: str) -> "Actor":
        """The same person inside an act whose right includes what follows from it.

        Accepting a matter at the city window records the phone of a resident of any county; the
        journal names the clerk, and the right asked for was the acceptance.
        """
        return replace(self, rights=self.rights | set(rights), enter=range_of(0), by_unit=False)

    def may(self, permission: str, subject: Any) -> bool:
        return self.verdict(permission, subject).allowed

    def must(self, permission: str, subject: Any) -> None:
        verdict = self.verdict(permission, subject)
        if not verdict.allowed:
            raise PermissionDenied(f"{verdict.why}{verdict.who_can}")

    def has(self, permission: str) -> bool:
        """The right itself, wherever: menus ask this."""
        return permission in self.rights

    def verdict(self, permission: str, subject: Any) -> Verdict:
        """May this actor do this to that, and why (DIV-13; UI.md: 403 names who can grant)."""
        if permission not in self.rights:
            names = listed(role.label for role in roles_with(permission))
            return Verdict(
                False,
                _("您的岗位没有这项权限。"),
                _("可以办理的岗位：%(names)s。") % {"names": names} if names else "",
            )
        if permission in OWN:
            return self._own(subject)
        if self._reaches(subject):
            return Verdict(True, _("岗位有这项权限，对象在本岗位的范围内。"))
        return Verdict(
            False,
            _("对象不在您岗位的区划范围内。"),
            _("请由对象所在地的工作人员办理，或请上级管理员授权。"),
        )

    def _own(self, subject: Any) -> Verdict:
        """One's own account and posts are nobody else's to change."""
        if self.user_id is None or getattr(subject, "holder_id", None) == self.user_id:
            return Verdict(True, _("这是本人的账号或岗位。"))
        return Verdict(False, _("只能由本人办理。"), _("本人不在时，请单位的管理员办理。"))

    def _reaches(self, subject: Any) -> bool:
        """Inside the area entered; a department also reaches what is entrusted to its unit."""
        entrusted = getattr(subject, "entrusted_units", None)
        if entrusted is not None and self.unit_id in entrusted():
            return True
        if self.by_unit and entrusted is not None:
            return False
        return self.enter.holds(getattr(subject, "division_id", None))


def _search_range(division: int, level: Depth | None, own: KeyRange) -> KeyRange:
    if level is None or depth_of(division) <= level:
        return own
    return range_of(ancestor(division, level))


def actor_key(user_id: int, chosen: int | None) -> str:
    """Where the actor of a person in a chosen post is kept for a few seconds."""
    return f"accounts.actor.{user_id}.{chosen}"


def forget_actor(user_id: int, *post_ids: int | None) -> None:
    """Drop the kept actors of a person at once, in this process."""
    for post_id in (None, *post_ids):
        forget(actor_key(user_id, post_id))
