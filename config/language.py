"""The language of the command line: Chinese is the source, other languages are catalogues.

Commands speak before Django's settings are loaded, so they read the catalogue by themselves.
The language is YIWANG_LANG, else the terminal's (LC_ALL, LC_MESSAGES, LANG); without either,
Chinese.
"""

import gettext
import os
from functools import cache
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"
_VARIABLES = ("YIWANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """The language code of the terminal: `en` or `zh-hans`."""
    spoken = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    return "en" if spoken.startswith("en") else "zh-hans"


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("command", _LOCALE, [language()], fallback=True)


def _(message: str) -> str:
    """The sentence in the language of the terminal."""
    return _catalogue().gettext(message)
