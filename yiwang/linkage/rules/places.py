"""The smallest place that holds two others."""

from yiwang.divisions.rules import ancestors, range_of


def common_place(left: int, right: int) -> int:
    """The community if it is one; else the township, county, city or province above both."""
    for key in [left, *reversed(ancestors(left))]:
        if range_of(key).holds(right):
            return key
    return 0
