"""Lists of divisions in, and any list of divisions out."""

from yiwang.divisions.rules.reading import FaultyFile, RowError

from .boundaries import load_boundaries
from .city import CityLoaded, load_city, load_classes
from .crosswalk import load_crosswalk
from .listing import read_listed
from .load import Loaded, load_divisions

__all__ = [
    "CityLoaded",
    "FaultyFile",
    "Loaded",
    "RowError",
    "load_boundaries",
    "load_city",
    "load_classes",
    "load_crosswalk",
    "load_divisions",
    "read_listed",
]
