"""Who has which tag, how many there are, who is due; children under fourteen."""

from .kinds import KindCount, kinds_with_counts, kinds_without_counts
from .minors import ListedPerson, home_of, listed
from .people import Asked, last_visits, people_with_tag, tagged_residents, tags_of

__all__ = [
    "Asked",
    "KindCount",
    "ListedPerson",
    "home_of",
    "kinds_with_counts",
    "kinds_without_counts",
    "last_visits",
    "listed",
    "people_with_tag",
    "tagged_residents",
    "tags_of",
]
