"""Who stands inside an agreement, what may be given of them, what has changed, how it is used."""

from .changes import Changes, changes_since
from .finding import agreement_for, file_for
from .inside import (
    Given,
    given_of,
    kinds_named,
    persons_of,
    selected,
    sensitive,
    shareable,
    tags_named,
    tags_told,
)
from .preview import Preview, preview
from .register import Asked, listed

__all__ = [
    "Asked",
    "Changes",
    "Given",
    "Preview",
    "agreement_for",
    "changes_since",
    "file_for",
    "given_of",
    "kinds_named",
    "listed",
    "persons_of",
    "preview",
    "selected",
    "sensitive",
    "shareable",
    "tags_named",
    "tags_told",
]
