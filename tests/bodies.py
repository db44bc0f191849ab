"""Well-formed requests to the API, made from its own schema and a corner of the world."""

import json
from typing import Any
from urllib.parse import urlencode

from config.api import api
from tests.corners import Corner

TODAY = "2026-11-20"
TEXTS = {
    "item": "elder-care-subsidy", "category": "1", "how": "window", "kind": "hearing", "way": "keep",
    "field": "phone", "right": "matters.view", "name": "张小云", "username": "xiaoyun",
    "number": "2026112300001", "last_four": "8830", "code": "temp", "channel": "api",
    "type": "rename", "role": "C3", "source_kind": "visit", "unit": "working_days", "letter": "A", "figure": "accepted",
}  # fmt: skip
RECORDS = {
    "resident": "resident", "unit": "unit", "division": "division", "person": "person",
    "post": "post", "into": "division", "household": "household", "dwelling": "dwelling",
    "group": "group", "head": "resident",
}  # fmt: skip


def schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def fill(operation: Any, corner: Corner | None) -> tuple[str, Any]:
    """Query and body that an operation accepts as to their form."""
    models = {model.__ninja_param_source__: model for model in operation.models}
    query = urlencode(_values(models.get("query"), corner, flat=True))
    if "file" in models:
        return query, {"file": ""}
    body = models.get("body")
    if body is None:
        return query, ""
    document = body.model_json_schema()
    (only,) = document["properties"].values()
    return query, json.dumps(example(only, document.get("$defs", {}), "", corner))


def _values(model: Any, corner: Corner | None, *, flat: bool) -> dict[str, Any]:
    if model is None:
        return {}
    document = model.model_json_schema()
    return {
        name: example(one, document.get("$defs", {}), name, corner)
        for name, one in document.get("properties", {}).items()
        if name in document.get("required", []) and "$ref" not in one
    }


def example(one: dict[str, Any], defs: dict[str, Any], name: str, corner: Corner | None) -> Any:
    """A value that fits a JSON schema; names known to the world get something real."""
    if "$ref" in one:
        return example(defs[one["$ref"].rpartition("/")[2]], defs, name, corner)
    if "anyOf" in one:
        return example(one["anyOf"][0], defs, name, corner)
    kind = one.get("type")
    if kind == "object":
        wanted = one.get("required", [])
        return {
            key: example(inner, defs, key, corner)
            for key, inner in one.get("properties", {}).items()
            if key in wanted
        }
    if kind == "array":
        return [example(one.get("items", {}), defs, name.rstrip("s"), corner)]
    if kind in ("integer", "number"):
        return _number(name, one, corner)
    if kind == "boolean":
        return True
    return _text(name, one)


def _number(name: str, one: dict[str, Any], corner: Corner | None) -> int:
    if corner is not None and name in RECORDS:
        return int(corner[RECORDS[name]].pk)
    return max(int(one.get("minimum", 1)), 1)


def _text(name: str, one: dict[str, Any]) -> str:
    if one.get("format") == "date":
        return TODAY
    if one.get("format") == "date-time":
        return f"{TODAY}T09:00:00+08:00"
    choices = one.get("enum")
    if choices and TEXTS.get(name) not in choices:
        return str(choices[0])
    return TEXTS.get(name, "matters.view" if name == "scope" else "说明")
