"""Reads of organisations that span tables."""

from .areas import offered_areas
from .duplicates import holder_of, namesakes
from .finding import Search, providers, shared_resources, start_of
from .golden import Dossier, dossier
from .listing import VIEWS, organizations, waiting_for

__all__ = [
    "VIEWS",
    "Dossier",
    "Search",
    "dossier",
    "holder_of",
    "namesakes",
    "offered_areas",
    "organizations",
    "providers",
    "shared_resources",
    "start_of",
    "waiting_for",
]
