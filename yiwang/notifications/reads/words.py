"""The words of a sending: the city's version in force, or those the installation began with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.core.reads import parameter
from yiwang.core.vault import decrypt
from yiwang.notifications.models import Delivery, Message, Wording
from yiwang.notifications.rules.kinds import Channel
from yiwang.notifications.rules.wording import fill, first_text

HIDDEN = "******"


@dataclass(frozen=True)
class Words:
    """Title and text of a kind and way in both languages; version 0 is built in."""

    version: int
    title: str
    title_en: str
    text: str
    text_en: str

    def filled(self, facts: Mapping[str, str], language: str) -> tuple[str, str]:
        """Title and text in one language."""
        english = language.startswith("en")
        title, text = (self.title_en, self.text_en) if english else (self.title, self.text)
        return fill(title, facts), fill(text, facts)


def words_in_force(kind: str, channel: str, version: int | None = None) -> Words:
    """The newest version, or a certain one."""
    rows = Wording.objects.filter(kind=kind, channel=channel)
    if version is not None:
        rows = rows.filter(version=version)
    found = rows.order_by("-version").first()
    if found is None:
        return Words(0, **first_text(kind, channel))
    return Words(found.version, found.title, found.title_en, found.text, found.text_en)


def facts_of(message: Message, language: str) -> dict[str, str]:
    """What fills the blanks, in one language; the name without the given name."""
    english = language.startswith("en")
    said: dict[str, Any] = dict(message.facts)
    for name in ("item", "missing"):
        said[name] = (english and said.get(f"{name}_en")) or said.get(name, "")
    with override(language):
        said["name"] = message.masked_name
        said["site"] = settings.PUBLIC_URL or _("一网居民端")
        said["number"] = said.get("order") or message.display_number
        if said.get("link"):
            said["link"] = _("（链接只有本人看得到）")
    return {name: str(value) for name, value in said.items()}


def link_of(message: Message) -> dict[str, str]:
    """The secret link of a message, for its carrier and its addressee; nothing where it has none."""
    sealed = message.facts.get("link")
    if not sealed:
        return {}
    return {"link": settings.PUBLIC_URL + decrypt(bytes.fromhex(sealed))}


def words_of(delivery: Delivery, **known: str) -> tuple[str, str]:
    """Title and text exactly as they went out, or will; `known` facts take the place of masked."""
    message = delivery.message
    words = words_in_force(message.kind, delivery.channel, delivery.version)
    facts = facts_of(message, delivery.language)
    return words.filled({**facts, **known}, delivery.language)


def shown_words(delivery: Delivery) -> tuple[str, str]:
    """The same for staff to read: a code that collects or opens something stays hidden."""
    return words_of(delivery, code=HIDDEN)


@dataclass(frozen=True)
class Letter:
    """A letter with the full name and address: only for printing, on record."""

    delivery: Delivery
    name: str
    address: str
    title: str
    text: str


def letter_of(delivery: Delivery) -> Letter:
    """What is printed for a person."""
    person = delivery.message.resident
    address = person.dwelling.address if person and person.dwelling else ""
    name = person.name if person else delivery.message.to_name or ""
    return Letter(delivery, name, address, *words_of(delivery, name=name))


def sample_of(language: str) -> dict[str, str]:
    """Invented facts, to see a text before it is published."""
    with override(language):
        return {
            "name": _("陈**"),
            "number": "20261130-0000-017",
            "site": settings.PUBLIC_URL or _("一网居民端"),
            "due": "2026-12-21",
            "days": str(parameter("matters.rating_invitation")),
            "item": _("高龄津贴"),
            "unit": _("社区便民服务中心"),
            "missing": _("身份证复印件"),
            "result": "〔2026〕17号",
            "code": "604 917",
            "when": "2026-12-21 09:30",
            "link": f"{settings.PUBLIC_URL}/rate/…",
        }


def told_to(message: Message, language: str) -> tuple[str, str]:
    """Title and text of a message as it lies in the account."""
    words = words_in_force(message.kind, Channel.APP)
    return words.filled({**facts_of(message, language), **link_of(message)}, language)
