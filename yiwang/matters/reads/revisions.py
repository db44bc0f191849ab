"""What an open draft of a version still lacks, and how often the ways through it differ."""

from collections.abc import Iterable

from yiwang.matters.models import Revision
from yiwang.matters.rules.lint import Asked, Fault, candidates, lint
from yiwang.matters.rules.walks import TooMany, Walk, walks
from yiwang.residents.reads import dictionary

from .coverage import coverage_faults

MOST_SAMPLES = 8


def faults_of_revision(revision: Revision) -> list[Fault]:
    """Every fault of a draft: of the content itself, and of who would do its steps where."""
    found = lint(revision.content, dictionary())
    return [*found, *coverage_faults(revision.item, revision.guide.process.steps)]


def blocking(faults: Iterable[Fault]) -> list[Fault]:
    """The faults with which nothing is published."""
    return [one for one in faults if one.blocking]


def samples_of(revision: Revision) -> list[Walk]:
    """Sample matters: one for each different way through the process, the longest first."""
    asked = Asked(revision.content, dictionary())
    try:
        ways = walks(asked.process, candidates(asked))
    except TooMany:
        return []
    different = {way.ran: way for way in ways}
    return sorted(different.values(), key=lambda way: -len(way.ran))[:MOST_SAMPLES]
