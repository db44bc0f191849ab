"""An act: allowed, all or nothing, done once, and on record. Every public write is one."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import Refused
from .models import JournalLine, insert_together

P = ParamSpec("P")
# What differs between two sendings of one request without being part of it.
_NOT_SAID = frozenset({"by"})
S = TypeVar("S")
R = TypeVar("R")


class Actor(Protocol):
    """Whoever acts: the journal needs a name and numbers, the act asks for the right."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...

    def must(self, permission: str, subject: Any) -> None: ...


@dataclass(frozen=True)
class Circumstances:
    """From where and through which door an act comes, and the caller's key against repeats."""

    channel: str = ""
    address: str = ""
    reason: str = ""
    idempotency_key: str = ""
    at: datetime | None = None


@dataclass
class _Running:
    facts: dict[str, Any] = field(default_factory=dict)
    depth: int = 0


_NOWHERE = Circumstances()
_circumstances: ContextVar[Circumstances] = ContextVar("circumstances", default=_NOWHERE)
_running: ContextVar[_Running | None] = ContextVar("running", default=None)


@contextmanager
def circumstances(**changes: Any) -> Iterator[None]:
    """Within this block every act is journaled with these circumstances.

    `at` dates what happens in it: histories brought from elsewhere and demonstrations. The journal
    line itself always carries the real time.
    """
    token = _circumstances.set(replace(_circumstances.get(), **changes))
    try:
        yield
    finally:
        _circumstances.reset(token)


def current_channel() -> str:
    """The door of the running request: page, api, job, import, ..."""
    return _circumstances.get().channel


def moment() -> datetime:
    """The time of what happens now: the clock's, or the one the circumstances name."""
    return _circumstances.get().at or timezone.now()


def note(**facts: Any) -> None:
    """Add facts (before and after, counts, document numbers) to the running act's line."""
    running = _running.get()
    if running is not None:
        running.facts.update(facts)


@contextmanager
def _act_running() -> Iterator[_Running]:
    outer = _running.get()
    token = _running.set(_Running(depth=outer.depth + 1 if outer else 0))
    try:
        current = _running.get()
        assert current is not None  # noqa: S101 - just set
        yield current
    finally:
        _running.reset(token)


def act(
    permission: str,
) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Make a function an act.

    The first argument is the subject the right is asked for (a record that lies in a division,
    or the division itself); `by=` is the actor. The act runs in one transaction with its journal
    line. A caller's idempotency key (see `circumstances`) makes a repeat return the first answer.
    Raises PermissionDenied, Refused.
    """

    def wrap(do: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @wraps(do)
        def checked(subject: S, *args: P.args, **kwargs: P.kwargs) -> R:
            by: Actor = kwargs["by"]  # type: ignore[assignment]
            by.must(permission, subject)
            outermost = _running.get() is None
            claim = _claim(permission, by, subject, kwargs) if outermost else None
            if claim and (earlier := _earlier_answer(claim, by)) is not None:
                return earlier  # type: ignore[no-any-return]
            try:
                with transaction.atomic(), _act_running() as running:
                    result = do(subject, *args, **kwargs)
                    answer = result if isinstance(result, models.Model) else subject
                    reason = str(kwargs.get("reason") or "")
                    running.facts.setdefault("did", do.__name__)
                    record_line(permission, answer, by, running.facts, reason, claim)
            except IntegrityError:
                # The same key came twice at once: the other request was first, its answer counts.
                if claim and (earlier := _earlier_answer(claim, by)) is not None:
                    return earlier  # type: ignore[no-any-return]
                raise
            return result

        checked.permission = permission  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[S, P], R]", checked)

    return wrap


def record_line(
    permission: str,
    subject: Any,
    by: Actor,
    facts: dict[str, Any],
    reason: str = "",
    claim: "_Claim | None" = None,
) -> None:
    """Write one journal line; acts do it by themselves, reads of personal data call it."""
    line = _line(permission, subject, by, facts, reason)
    if claim:
        line.idempotency_key, line.fingerprint = claim.key, claim.fingerprint
    insert_together(line)


def record_lines(
    permission: str, subjects: Iterable[models.Model], by: Actor, facts: dict[str, Any]
) -> None:
    """The same line about many records at once, as a read of many people leaves it."""
    lines = [_line(permission, one, by, facts) for one in subjects]
    JournalLine.objects.bulk_create(lines, batch_size=1000)


def _line(
    permission: str, subject: Any, by: Actor, facts: dict[str, Any], reason: str = ""
) -> JournalLine:
    around = _circumstances.get()
    is_record = isinstance(subject, models.Model)
    return JournalLine(
        act=permission,
        user_id=by.user_id,
        post_id=by.post_id,
        by=by.label[:160],
        subject_model=subject._meta.label_lower if is_record else type(subject).__name__,
        subject_id=str(subject.pk) if is_record else "",
        division_key=_division_of(subject),
        facts=json.loads(json.dumps(facts, default=str)),
        reason=(reason or around.reason)[:500],
        channel=around.channel,
        address=around.address[:45],
    )


def _division_of(subject: Any) -> int | None:
    key = getattr(subject, "division_id", None)
    if key is None and getattr(subject, "is_division", False):
        key = subject.pk
    return key


@dataclass(frozen=True)
class _Claim:
    """A caller's key and what it was sent with."""

    key: str
    fingerprint: bytes


def _claim(permission: str, by: Actor, subject: object, kwargs: dict[str, Any]) -> _Claim | None:
    """The caller's key for this act; None when no key was sent."""
    key = _circumstances.get().idempotency_key
    if not key:
        return None
    said = {name: str(value) for name, value in kwargs.items() if name not in _NOT_SAID}
    target = str(getattr(subject, "pk", subject))
    body = json.dumps([permission, target, said], sort_keys=True).encode()
    return _Claim(key, hashlib.sha256(body).digest()[:16])


def _earlier_answer(claim: _Claim, by: Actor) -> Any:
    """What the first request with this key got; Refused when it asked for something else."""
    line = JournalLine.objects.filter(
        user_id=by.user_id, post_id=by.post_id, idempotency_key=claim.key
    ).first()
    if line is None:
        return None
    if bytes(line.fingerprint or b"") != claim.fingerprint:
        raise Refused("key_reused", _("同一幂等键已用于另一项请求，请换用新的幂等键。"))
    model = apps.get_model(line.subject_model)
    return model._default_manager.get(pk=line.subject_id)


def lock(record: models.Model) -> None:
    """Re-read a record under a row lock, so that two clerks act one after the other."""
    rows = type(record)._default_manager.using(connection.alias).select_for_update(of=("self",))
    record.refresh_from_db(from_queryset=rows)
