"""What a process remembers for a short while: objects as they are, without pickling them.

Django's local-memory cache pickles on every read, which costs more than the queries it saves for
things as large as the calendar. What is kept here is read-only and equal in every process soon.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V")
MOST = 10_000
"""Entries before the old ones are dropped: keys of people and tokens come and go."""
_kept: dict[str, tuple[float, Any]] = {}


def remember(key: str, seconds: float, make: Callable[[], V]) -> V:
    """The value kept under a key, made anew when it is older than `seconds`; None is not kept."""
    now = time.monotonic()
    found = _kept.get(key)
    if found is not None and found[0] > now:
        return found[1]  # type: ignore[no-any-return]
    value = make()
    if value is not None:
        if len(_kept) >= MOST:
            _drop_old(now)
        _kept[key] = (now + seconds, value)
    return value


def _drop_old(now: float) -> None:
    for key in [key for key, (until, _) in list(_kept.items()) if until <= now]:
        _kept.pop(key, None)


def forget(prefix: str) -> None:
    """Drop everything kept under keys that begin so, in this process."""
    for key in [key for key in list(_kept) if key.startswith(prefix)]:
        _kept.pop(key, None)
