"""What a kind of tag asks for, and the rules that set and end tags by themselves."""

from .rule import HOMES, Condition, InvalidRule, Rule, read_rule
from .validity import months_after

__all__ = [
    "HOMES",
    "Condition",
    "InvalidRule",
    "Rule",
    "months_after",
    "read_rule",
]
