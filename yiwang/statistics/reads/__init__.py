"""Figures of places by day, the lists behind them, and profiles of communities."""

from .counting import ages, cuts, leaf_cells, people_in_cell
from .figures import Figures, figures_of, tables_of
from .profile import ProfileLine, profile_of

__all__ = [
    "Figures",
    "ProfileLine",
    "ages",
    "cuts",
    "figures_of",
    "leaf_cells",
    "people_in_cell",
    "profile_of",
    "tables_of",
]
