"""Who acts, from where, in which city; whether demonstration data is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from yiwang.accounts.actor import Actor
from yiwang.accounts.middleware import posts_of
from yiwang.accounts.models import User
from yiwang.core.memory import forget, remember
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors

# Names change by an act of the State Council; posts by one of an administrator.
NAMES_SECONDS: Final = 300
POSTS_SECONDS: Final = 30
DEMONSTRATION_SECONDS: Final = 30
DEMONSTRATION: Final = "config.demonstration"


@dataclass(frozen=True)
class Who:
    """The actor as the top bar shows it."""

    person_name: str
    post_label: str
    unit_name: str
    division_name: str
    path_names: list[str]
    initials: str
    rights: frozenset[str]
    user_id: int | None
    post_id: int | None
    unit_id: int | None
    division_id: int


def who(actor: Actor) -> Who:
    """Name, post and place of an actor in the reader's language."""
    path = path_names(actor.division_id)
    return Who(
        person_name=actor.name,
        post_label=str(actor.role.label) if actor.role else actor.label,
        unit_name=actor.unit_name,
        division_name=path[-1] if path else actor.unit_name,
        path_names=path,
        initials=actor.name[:1].upper(),
        rights=actor.rights,
        user_id=actor.user_id,
        post_id=actor.post_id,
        unit_id=actor.unit_id,
        division_id=actor.division_id,
    )


def path_names(key: int) -> list[str]:
    """From the county down to a place; the city itself only where it is the place."""
    keys = [one for one in ancestors(key) if one > settings.CITY] + [key]
    names = remember(
        f"console.path.{key}",
        NAMES_SECONDS,
        lambda: {
            row["pk"]: (row["name"], row["name_en"])
            for row in Division.objects.public().filter(pk__in=keys).values("pk", "name", "name_en")
        },
    )
    english = (get_language() or "").startswith("en")
    return [
        names[one][1] if english and names[one][1] else names[one][0]
        for one in keys
        if one in names
    ]


def city_name() -> str:
    """The name of the city this installation serves; empty before its divisions are loaded."""
    names = path_names(settings.CITY)
    if not names:
        forget(f"console.path.{settings.CITY}")
    return names[0] if names else ""


def site_name() -> str:
    """The short name of the site: of the environment, else the parameter's in this language."""
    if settings.SITE_NAME:
        return str(settings.SITE_NAME)
    try:
        names: dict[str, str] = parameter("core.site_name")
    except LookupError:
        return ""
    english = (get_language() or "").startswith("en")
    return names.get("en" if english else "zh", "")


def other_posts(user: User, actor: Actor) -> list[dict[str, Any]]:
    """The posts a person may change to, as the menu names them."""
    offered: Sequence[tuple[int, str]] = remember(
        f"console.posts.{user.pk}.{get_language()}.{timezone.localdate()}",
        POSTS_SECONDS,
        lambda: [
            (post.pk, f"{post.get_role_display()} · {post.unit.label}")
            for post, _acting in posts_of(user)
        ],
    )
    return [{"id": pk, "label": label} for pk, label in offered if pk != actor.post_id]


def demonstration() -> Any:
    """The part of the installation that builds and removes demonstration data, if it has one."""
    try:
        return import_module(DEMONSTRATION)
    except ModuleNotFoundError as error:
        if error.name and DEMONSTRATION.startswith(error.name):
            return None
        raise


def is_demonstration() -> bool:
    """Whether the people and numbers on the pages are made up; every page says so."""

    def ask() -> bool:
        part = demonstration()
        loaded = getattr(part, "is_loaded", None)
        return bool(loaded()) if loaded else False

    return remember("console.demonstration", DEMONSTRATION_SECONDS, ask)
