"""An official list as the acts take it: rows of code, name and the list's word for the kind."""

from pathlib import Path

from yiwang.divisions.rules.matching import Listed
from yiwang.divisions.rules.reading import read_listing


def read_listed(path: Path | str) -> list[Listed]:
    """The rows of a list file. Raises FaultyFile with the row errors."""
    rows = read_listing(path).frame.select("code", "name", "said").iter_rows()
    return [Listed(code, name, said) for code, name, said in rows]
