"""The versions as published: the current one, any earlier one, what has changed since."""

from collections.abc import Sequence
from typing import Any

from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.rules import changes_between

from .content import content_now


def current() -> DictionaryVersion | None:
    """The version in force; None before the first."""
    return DictionaryVersion.objects.public().first()


def version_of(number: str) -> DictionaryVersion | None:
    """A version by its number; the current one when none is named."""
    return DictionaryVersion.objects.public().filter(number=number).first() if number else current()


def history() -> Sequence[DictionaryVersion]:
    """Every version with its changes, the newest first, without its whole content."""
    return list(DictionaryVersion.objects.public().defer("content"))


def since(number: str) -> list[DictionaryVersion] | None:
    """The versions after one, the oldest first; None when there is no such version."""
    start = DictionaryVersion.objects.public().filter(number=number).only("pk").first()
    if start is None:
        return None
    return list(
        DictionaryVersion.objects.public().filter(pk__gt=start.pk).defer("content").order_by("pk")
    )


def unpublished() -> list[dict[str, Any]]:
    """What has changed since the current version and waits to be published."""
    last = current()
    return changes_between(last.content, content_now()) if last else []
