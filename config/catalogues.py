"""Message catalogues: .po files compiled without gettext's programs, and what they lack."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "en"
# Pages share one table of messages at run time. The command line has its own, because a word
# may be written otherwise in the middle of its sentences.
PAGES, COMMANDS = "django", "command"
_OF_COMMANDS = "from config.language import"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_SKIPPED = {"tests", "migrations"}


def homes() -> list[Path]:
    """The folders that may have a `locale`: every app, and the configuration."""
    return [ROOT / "config", *sorted(path for path in (ROOT / "yiwang").iterdir() if path.is_dir())]


def compile_all() -> int:
    """Compile every catalogue that is newer than its .mo; gives how many were compiled."""
    stale = [po for home in homes() for po in home.glob("locale/*/LC_MESSAGES/*.po")]
    stale = [po for po in stale if not _is_fresh(po)]
    for po in stale:
        draft = po.with_suffix(".mo.draft")
        with po.open("rb") as source, draft.open("wb") as target:
            write_mo(target, read_po(source))
        draft.replace(po.with_suffix(".mo"))
    return len(stale)


def _is_fresh(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


@dataclass(frozen=True)
class Lack:
    """A sentence that is not well translated: where it stands, what it says and what is wrong."""

    file: Path
    line: int
    text: str
    reason: str


def lacks() -> list[Lack]:
    """Every sentence of code and templates that the English catalogues do not have.

    A sentence of a page may be translated in any app.
    """
    known = {domain: _translations(domain) for domain in (PAGES, COMMANDS)}
    found: dict[tuple[str, str, str], Lack] = {}
    for file in _files():
        domain = COMMANDS if _OF_COMMANDS in file.read_text() else PAGES
        for line, context, text in _extracted(file):
            reason = _reason(known[domain].get((context, text)))
            if reason:
                lack = Lack(file.relative_to(ROOT), line, text, reason)
                found.setdefault((domain, context, text), lack)
    return list(found.values())


def _reason(message: Message | None) -> str:
    if message is None:
        return "missing"
    if message.fuzzy:
        return "fuzzy"
    written = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return "" if all(written) else "empty"


def clashes() -> list[Lack]:
    """Every sentence that two apps translate differently: at run time one would hide the other."""
    first: dict[tuple[str, Any], Message] = {}
    found: list[Lack] = []
    for po, message in _messages(PAGES):
        if message.id:
            other = first.setdefault((message.context or "", message.id), message)
            if other.string != message.string:
                text = str(message.id)
                reason = f"{message.string!r} or {other.string!r}"
                found.append(Lack(po.relative_to(ROOT), message.lineno or 0, text, reason))
    return found


def _translations(domain: str) -> dict[tuple[str, str], Message]:
    known: dict[tuple[str, str], Message] = {}
    for _po, message in _messages(domain):
        identifier = message.id if isinstance(message.id, str) else message.id[0]
        known[message.context or "", identifier] = message
    return known


def _messages(domain: str) -> Iterator[tuple[Path, Message]]:
    for home in homes():
        for po in home.glob(f"locale/{LANGUAGE}/LC_MESSAGES/{domain}.po"):
            with po.open("rb") as source:
                catalogue: Catalog = read_po(source)
            for message in catalogue:
                yield po, message


def _files() -> Iterator[Path]:
    for home in homes():
        for file in sorted(home.rglob("*")):
            if file.suffix in {".py", ".html", ".txt"} and not _SKIPPED & set(file.parts):
                yield file


def _extracted(file: Path) -> Iterator[tuple[int, str, str]]:
    source = file.read_text()
    if file.suffix != ".py":
        if "templates" not in file.parts:
            return
        source = _as_python(source, file)
    for line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            yield line, context or "", text


def _as_python(template: str, file: Path) -> str:
    """A template as the calls of gettext that Django makes of it."""
    from django.utils.translation.template import templatize

    # Indentation means nothing in a template, and much to a reader of Python.
    lines = templatize(template, origin=str(file)).splitlines()
    return "\n".join(line.lstrip() for line in lines)
