"""The house rules of docs/adr and the architecture, checked by the house itself."""

import ast
import inspect
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE) / "yiwang"
ROOMS = {
    "models", "rules", "actions", "reads", "forms", "sheets", "views", "public", "api", "jobs",
    "admin", "urls", "__init__",
}  # fmt: skip
# The law, the journal and the furniture of all apps; who acts and how one signs in.
OWN_ROOMS = {
    "core": {
        "acts",
        "doors",
        "errors",
        "vault",
        "memory",
        "middleware",
        "context",
        "templatetags",
        "workbook",
        "scanner",
        "official",
    },
    "accounts": {
        "actor",
        "roles",
        "http",
        "middleware",
        "adapter",
        "authentication",
        "passkeys",
        "bundles",
    },
    "console": {"context"},
    "personal": {"http"},
    "portal": {"context"},
}
FOLDERS = {"templates", "static", "migrations", "tests", "locale", "data"}
FORBIDDEN = re.compile(
    r"^(utils?|helpers?|services?|managers?|selectors?|constants?|enums?|common|misc)$"
)
FILES = [f for f in ROOT.rglob("*.py") if not {"migrations", "tests"} & set(f.parts)]
MOST_LINES, MOST_OF_A_FUNCTION = 400, 40


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))


@cache
def text_of(file: Path) -> str:
    return file.read_text()


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(text_of(file))


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(file)))


@pytest.mark.parametrize("app", settings.APPS)
def test_an_app_has_the_known_rooms_and_no_others(app):
    found = {path.stem for path in (ROOT / app).iterdir() if path.suffix in {".py", ""}}
    strange = found - ROOMS - FOLDERS - OWN_ROOMS.get(app, set()) - {"__pycache__"}
    assert not strange


def test_a_file_says_what_it_is_and_stays_short():
    faults = []
    for file in FILES:
        text, name = text_of(file), relative(file)
        if len(text.splitlines()) > MOST_LINES:
            faults.append(f"{name} has more than {MOST_LINES} lines")
        if FORBIDDEN.match(file.stem):
            faults.append(f"{name} is named after no thing of the field")
        if text.strip() and not ast.get_docstring(tree_of(file)):
            faults.append(f"{name} does not begin with a line that says what it is")
        faults += [
            f"{name}: {node.name} has {MOST_OF_A_FUNCTION} lines or more"
            for node in nodes_of(file)
            if isinstance(node, ast.FunctionDef)
            and (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION
        ]
    assert faults == []


@pytest.mark.parametrize("app", [a for a in settings.APPS if (ROOT / a / "actions").exists()
                                 or (ROOT / a / "actions.py").exists()])  # fmt: skip
def test_everything_an_app_offers_as_an_action_is_an_act(app):
    module = import_module(f"yiwang.{app}.actions")
    names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
    offered = [getattr(module, name) for name in names]
    functions = [
        f for f in offered if inspect.isfunction(f) and f.__module__.startswith(module.__name__)
    ]
    assert functions
    assert [f.__name__ for f in functions if not getattr(f, "permission", None)] == []


PRIVATE_ROOMS = {"views", "public", "forms", "jobs", "api", "urls"}


def test_an_app_uses_of_others_only_models_actions_reads_and_rules():
    faults = []
    for file in FILES:
        own = file.relative_to(ROOT).parts[0]
        for node in nodes_of(file):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("yiwang."):
                parts = (node.module or "").split(".")
                if len(parts) > 2 and parts[1] != own and parts[2] in PRIVATE_ROOMS:
                    faults.append(f"{relative(file)}:{node.lineno}: {node.module}")
    assert faults == []


def _reader_files() -> list[Path]:
    return [
        f
        for f in FILES
        if {"views", "public", "api"} & set(f.relative_to(ROOT).with_suffix("").parts)
    ]


# How a read says for whom: what an actor may see or search, what everyone may, what is one's own.
SAYS_FOR_WHOM = {
    "visible_to", "searchable_by", "public", "public_by_number", "for_holder", "in_city", "served",
    "within", "under", "current", "on", "create",
}  # fmt: skip
# Nothing personal stands in these: the tree of places, the units, the catalogue, the law.
OPEN_TO_ALL = {"Division", "Category", "Parameter", "CalendarDay", "Unit", "ServiceItem"}


def test_pages_never_fetch_rows_without_saying_for_whom():
    faults = []
    for file in _reader_files():
        parents = {child: p for p in nodes_of(file) for child in ast.iter_child_nodes(p)}
        for node, parent in parents.items():
            if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
                continue
            model = node.value.id if isinstance(node.value, ast.Name) else ""
            if model not in OPEN_TO_ALL and getattr(parent, "attr", None) not in SAYS_FOR_WHOM:
                faults.append(f"{relative(file)}:{node.lineno}")
    assert faults == []


def test_no_app_listens_to_signals():
    faults = [
        relative(file)
        for file in FILES
        if "@receiver" in text_of(file)
        or (".connect(" in text_of(file) and "psycopg" not in text_of(file))
    ]
    assert faults == []


def test_every_table_with_a_division_is_indexed_by_it():
    """Territory is the only way to read: a subtree is a range of an index."""
    for model in apps.get_models():
        if not model._meta.label.startswith(("matters.", "residents.")):
            continue
        fields = {f.name for f in model._meta.get_fields()}
        if "division" not in fields or getattr(model, "is_division", False):
            continue
        own = getattr(model._meta.get_field("division"), "db_index", False)
        first = {index.fields[0] for index in model._meta.indexes if index.fields}
        first |= {u.fields[0] for u in model._meta.total_unique_constraints if u.fields}
        assert own or "division" in first, model._meta.label


def test_append_only_tables_are_really_closed_to_the_application(db):
    from django.db import connection

    closed = [m for m in apps.get_models() if getattr(m, "append_only", False)]
    assert len(closed) >= 4
    with connection.cursor() as cursor:
        for model in closed:
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute(
                    "SELECT has_table_privilege(current_user, %s, %s)",
                    [model._meta.db_table, right],
                )
                assert cursor.fetchone() == (False,), f"{model._meta.db_table} {right}"


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[)?!][\u4e00-\u9fff]")


def test_chinese_sentences_use_full_width_punctuation():
    faults = [
        f"{relative(file)}:{node.lineno} {node.args[0].value!r}"
        for file in FILES
        for node in nodes_of(file)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"_", "gettext", "gettext_lazy", "ngettext"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and HALF_WIDTH.search(re.sub("“[^”]*”", "", str(node.args[0].value)))
    ]
    assert faults == []


def test_the_map_names_tests_that_exist():
    """docs/map.md: a requirement counts as met only while its test is there."""
    text = (Path(settings.BASE) / "docs" / "map.md").read_text()
    named = re.findall(r"`([\w/.]+\.py)::(\w+)`", text)
    assert len(named) >= 40
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (Path(settings.BASE) / file).exists()
        or f"def {name}(" not in (Path(settings.BASE) / file).read_text()
    ]
    assert missing == []
