"""Posts: appointed, ended with hand-over, lent while the holder is away (DIV-13, EXP-39)."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor, forget_actor
from yiwang.accounts.models import ApiToken, Delegation, Post, Unit, User
from yiwang.accounts.roles import Role
from yiwang.accounts.rules import conflicting, overlap, refuse_grant
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter


@act("accounts.manage")
def appoint(
    unit: Unit,
    *,
    person: User,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    manner: str = "",
    by: Actor,
) -> Post:
    """Give a person a role in a unit over some dates.

    Refused: the role does not exist on the level, an equal or higher post, one's own, posts that
    must be different people's (SEC-4), the same post twice, a closed unit or stopped account.
    """
    _refuse_appointment(unit, person, role, starts_on, ends_on, by)
    lock(person)
    _refuse_conflict(person, role, starts_on, ends_on)
    _refuse_twice(unit, person, role)
    post = Post.objects.create(
        user=person,
        unit=unit,
        division_id=unit.division_id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        manner=manner,
        granted_by=by.label[:160],
    )
    note(person=str(person), role=str(role), unit=unit.name, starts_on=starts_on, ends_on=ends_on)
    post.begin()
    forget_actor(person.pk, post.pk)
    return post


def _refuse_appointment(
    unit: Unit, person: User, role: Role, starts_on: date, ends_on: date | None, by: Actor
) -> None:
    refuse_grant(role, unit.division_id, by)
    if by.user_id == person.pk:
        raise Refused("own_post", _("不能任命自己，请其他管理员办理。"))
    if unit.closed_on is not None:
        raise Refused("unit_closed", _("这个单位已经撤销，请选接续的单位。"))
    if not person.is_active:
        raise Refused("stopped", _("这个账号已停用，请先恢复。"))
    if ends_on is not None and ends_on < starts_on:
        sentence = _("离岗日期不能早于到岗日期。")
        raise Refused("dates", sentence, {"ends_on": sentence})


def _refuse_conflict(person: User, role: Role, starts_on: date, ends_on: date | None) -> None:
    posts = Post.objects.filter(user=person, ended_at__isnull=True).select_related("unit")
    same_days = [
        post for post in posts if overlap(starts_on, ends_on, post.starts_on, post.ends_on)
    ]
    other = conflicting(role, [Role(post.role) for post in same_days])
    if other is not None:
        raise Refused(
            "separate",
            _("“%(role)s”和“%(other)s”必须由不同的人担任。")
            % {"role": role.label, "other": other.label},
        )


def _refuse_twice(unit: Unit, person: User, role: Role) -> None:
    open_ended = Post.objects.filter(ends_on__isnull=True, ended_at__isnull=True)
    if open_ended.filter(user=person, unit=unit, role=role).exists():
        raise Refused("twice", _("此人已在这个单位任这个岗位，不用再任命。"))


@act("accounts.manage")
def end_post(
    post: Post, *, on: date, successor: Post | None = None, reason: str = "", by: Actor
) -> Post:
    """End a post and hand its open work to a successor's post.

    A day up to today takes effect at once; a later day only sets the end. Tokens of the post are
    revoked and its delegations end with it. Refused: ended before, an end before the beginning,
    a successor that is not in force or does not reach the same area.
    """
    lock(post)
    _refuse_end(post, on, successor, by)
    post.ends_on = on
    if on <= timezone.localdate():
        post.ended_at = timezone.now()
        _close_keys(post)
    if successor is not None:
        post.successor = successor
        post.handed_over = post.hand_over_to(successor)
    post.save()
    note(on=on, successor=str(successor or ""), handed_over=post.handed_over)
    forget_actor(post.user_id, post.pk)
    return post


def _refuse_end(post: Post, on: date, successor: Post | None, by: Actor) -> None:
    refuse_grant(Role(post.role), post.division_id, by)
    if by.user_id == post.user_id:
        raise Refused("own_post", _("不能结束自己的任职，请其他管理员办理。"))
    if post.ended_at is not None:
        raise Refused("ended", _("这个任职已经结束。"))
    if on < post.starts_on:
        raise Refused("dates", _("离岗日期不能早于到岗日期。"), {"on": _("早于到岗日期。")})
    if successor is None:
        return
    if successor.pk == post.pk or not successor.is_held(timezone.localdate()):
        raise Refused("successor", _("接任的岗位今天不在任，请先任命。"))
    own, other = Actor.of(post), Actor.of(successor)
    if not other.enter.covers(own.enter):
        raise Refused("successor_area", _("接任的岗位管不到这个区划，请另选接任人。"))


def _close_keys(post: Post) -> None:
    now = timezone.now()
    ApiToken.objects.filter(post=post, revoked_at__isnull=True).update(revoked_at=now)
    Delegation.objects.filter(post=post, ended_at__isnull=True).update(ended_at=now)


@act("accounts.delegate")
def delegate(
    post: Post, *, to: User, starts_on: date, ends_on: date, reason: str, by: Actor
) -> Delegation:
    """Lend the own post to a colleague for some days; the journal will name both."""
    return _lend(post, to, starts_on, ends_on, reason, by)


@act("accounts.manage")
def cover(
    post: Post, *, to: User, starts_on: date, ends_on: date, reason: str, by: Actor
) -> Delegation:
    """An administrator lends the post of someone who is away unexpectedly."""
    refuse_grant(Role(post.role), post.division_id, by)
    if by.user_id == to.pk:
        raise Refused("own_post", _("不能把岗位委托给自己，请其他管理员办理。"))
    return _lend(post, to, starts_on, ends_on, reason, by)


def _lend(
    post: Post, to: User, starts_on: date, ends_on: date, reason: str, by: Actor
) -> Delegation:
    lock(post)
    _refuse_loan(post, to, starts_on, ends_on, by)
    _refuse_conflict(to, Role(post.role), starts_on, ends_on)
    taken = Delegation.objects.filter(post=post, ended_at__isnull=True)
    if any(overlap(starts_on, ends_on, loan.starts_on, loan.ends_on) for loan in taken):
        raise Refused("lent", _("这段时间这个岗位已委托给别人，请先结束原来的委托。"))
    loan = Delegation.objects.create(
        post=post, to=to, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    note(to=str(to), starts_on=starts_on, ends_on=ends_on)
    forget_actor(to.pk, post.pk)
    return loan


def _refuse_loan(post: Post, to: User, starts_on: date, ends_on: date, by: Actor) -> None:
    today = timezone.localdate()
    if by.on_behalf:
        raise Refused("on_behalf", _("代理的岗位不能再委托给别人。"))
    if not post.is_held(max(today, starts_on)):
        raise Refused("not_held", _("这个岗位那时不在任，不能委托。"))
    if to.pk == post.user_id or not to.is_active:
        raise Refused("to", _("请选另一位在用账号的同事。"), {"to": _("不能选这个人。")})
    if ends_on < max(starts_on, today):
        raise Refused("dates", _("结束日期不能早于开始日期或今天。"), {"ends_on": _("太早了。")})
    days = int(parameter("accounts.delegation_days"))
    if ends_on - starts_on >= timedelta(days=days):
        sentence = _("一次委托最长 %(days)s 天，到期可以再办。") % {"days": days}
        raise Refused("too_long", sentence, {"ends_on": sentence})


@act("accounts.delegate")
def end_delegation(loan: Delegation, *, by: Actor) -> Delegation:
    """The holder is back: the loan ends now. Refused when it has ended."""
    lock(loan)
    if loan.ended_at is not None:
        raise Refused("ended", _("这次委托已经结束。"))
    loan.ended_at = timezone.now()
    loan.save(update_fields=["ended_at", "updated_at"])
    forget_actor(loan.to_id, loan.post_id)
    return loan
