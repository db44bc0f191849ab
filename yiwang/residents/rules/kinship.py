"""How the members of a household stand to a new head, told from how they stood to the old one."""

from typing import Final

# (the new head was, the member was) to the old head → the member is to the new head.
_AFTER: Final = {
    "spouse": {"child": "child", "grandchild": "grandchild", "in_law": "in_law"},
    "child": {
        "spouse": "parent", "child": "sibling", "parent": "grandparent", "in_law": "spouse",
        "grandchild": "child",
    },
    "parent": {"child": "grandchild", "sibling": "child", "parent": "spouse", "spouse": "in_law"},
    "sibling": {"sibling": "sibling", "parent": "parent"},
    "in_law": {"child": "spouse", "grandchild": "child"},
    "grandchild": {
        "child": "parent", "in_law": "parent", "spouse": "grandparent", "grandchild": "sibling",
    },
    "grandparent": {},
}  # fmt: skip
_OLD_HEAD: Final = {
    "spouse": "spouse", "child": "parent", "parent": "child", "sibling": "sibling",
    "grandchild": "grandparent", "grandparent": "grandchild",
}  # fmt: skip
# In small families these hold; in large ones a child of the head may have the other in-law.
_UNSURE: Final = {
    ("child", "grandchild"), ("child", "in_law"), ("in_law", "child"), ("in_law", "grandchild"),
    ("grandchild", "child"), ("grandchild", "in_law"), ("grandchild", "grandchild"),
}  # fmt: skip


def relation_after(new_head: str, member: str) -> tuple[str, bool]:
    """What a member is to the new head, and whether that is certain; both words are relations to
    the old head.

    What the words do not settle is "other" and uncertain: somebody has to ask.
    """
    if member == "head":
        found = _OLD_HEAD.get(new_head, "other")
        return found, found != "other"
    found = _AFTER.get(new_head, {}).get(member, "other")
    return found, found != "other" and (new_head, member) not in _UNSURE
