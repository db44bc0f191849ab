"""What is known of residents and whence, who may be meant, who lives where, what is due."""

from .documents import OnFile, documents_of, documents_on_file
from .due import DueCount, due_counts, due_fields, due_people
from .duplicates import Duplicate, holder_of, likely_duplicates
from .golden import standings, trusted_order
from .history import Arrival, Dossier, dossier, dossiers
from .known import Known, dictionary, known_fields
from .limits import EVERYTHING, NOTHING, Limits, limits_of, limits_on, with_limits
from .listed import listed_value
from .living import Departure, departures, guardians_of, living
from .places import gazetteer
from .quality import MISSING, Quality, communities_of, quality_of
from .search import find_residents

__all__ = [
    "EVERYTHING",
    "MISSING",
    "NOTHING",
    "Arrival",
    "Departure",
    "Dossier",
    "DueCount",
    "Duplicate",
    "Known",
    "Limits",
    "OnFile",
    "Quality",
    "communities_of",
    "departures",
    "dictionary",
    "documents_of",
    "documents_on_file",
    "dossier",
    "dossiers",
    "due_counts",
    "due_fields",
    "due_people",
    "find_residents",
    "gazetteer",
    "guardians_of",
    "holder_of",
    "known_fields",
    "likely_duplicates",
    "limits_of",
    "limits_on",
    "listed_value",
    "living",
    "quality_of",
    "standings",
    "trusted_order",
    "with_limits",
]
