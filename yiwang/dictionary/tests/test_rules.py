"""The number follows the change: what breaks a reader first, what is new second, words third."""

import pytest

from yiwang.dictionary.rules import changes_between, next_number


def content(*, name="残疾类别", kind="multichoice", codes=("visual",), out=(), forms=()):
    rows = [{"code": one, "name": one, "name_en": one, "in_use": one not in out} for one in codes]
    item = {"code": "kind", "name": name, "name_en": "Kind", "type": kind}
    table = {"code": "kind", "name": "类别", "name_en": "Kinds", "codes": rows}
    bound = [{"code": one, "name": one, "name_en": one, "items": ["kind"]} for one in forms]
    return {"items": [item], "tables": [table], "forms": bound}


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        ({}, {"codes": ("visual", "multiple")}, "1.3.0"),
        ({}, {"name": "残疾种类"}, "1.2.4"),
        ({}, {"kind": "choice"}, "2.0.0"),
        ({}, {"out": ("visual",)}, "2.0.0"),
        ({"out": ("visual",)}, {}, "1.3.0"),
        ({}, {"codes": ()}, "2.0.0"),
        ({}, {"forms": ("aid",)}, "1.3.0"),
        ({"forms": ("aid",)}, {}, "1.2.4"),
    ],
)
def test_a_change_makes_its_number(before, after, number):
    changes = changes_between(content(**before), content(**after))
    assert len(changes) == 1
    assert next_number("1.2.3", changes) == number


def test_nothing_changed_is_no_change():
    assert changes_between(content(), content()) == []


def test_a_new_list_is_one_change_not_one_a_code():
    after = content()
    after["tables"].append({"code": "new", "name": "新", "name_en": "New", "codes": [
        {"code": "a", "name": "a", "name_en": "a", "in_use": True}]})  # fmt: skip
    assert [(one["what"], one["kind"]) for one in changes_between(content(), after)] == [
        ("table", "added")
    ]
