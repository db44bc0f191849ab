"""By which way a person is reached, in which words, what was told, and how much went out."""

from .figures import WayFigures, figures_of
from .reaching import choice_of, may_be_written, open_ways, reach_of, ways_of
from .telling import Told, messages_about, told_of, told_rows
from .words import (
    Words,
    letter_of,
    link_of,
    sample_of,
    shown_words,
    told_to,
    words_in_force,
    words_of,
)

__all__ = [
    "Told",
    "WayFigures",
    "Words",
    "choice_of",
    "figures_of",
    "letter_of",
    "link_of",
    "may_be_written",
    "messages_about",
    "open_ways",
    "reach_of",
    "sample_of",
    "shown_words",
    "told_of",
    "told_rows",
    "told_to",
    "ways_of",
    "words_in_force",
    "words_of",
]
