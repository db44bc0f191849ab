"""Odd things that programs send to every operation that writes: refused with a sentence, never a 5xx."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.test_permissions import (  # noqa: F401 - the fixtures of the same stage
    Route,
    Stage,
    api_routes,
    monkeypatched,
    stage,
    taken_back,
)
from yiwang.accounts.roles import GRANTS, Role

# Odd things a program may send; none of them may break anything.
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        ["", "陈桂英", "𠮷", "\u0000", "=1+1", "9" * 400, "2026-02-30", "１２３", "'; --"]
    )
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
WRITING = [one for one in api_routes() if one.method != "GET"]


def _odd_body(route: Route) -> st.SearchStrategy[Any]:
    """Anything at all, or an object with the right names and odd values."""
    model = next((m for m in route.operation.models if m.__ninja_param_source__ == "body"), None)
    if model is None:
        return ODD
    document = model.model_json_schema()
    (only,) = document["properties"].values()
    found = document.get("$defs", {}).get(only.get("$ref", "").rpartition("/")[2], only)
    names = found.get("properties", {})
    fitting = st.fixed_dictionaries({}, optional={name: _near(one) for name, one in names.items()})
    return ODD | fitting


def _near(one: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Of the right type, but not of this world; or of no type at all."""
    kind = one.get("type")
    if kind == "integer":
        return st.integers(-(2**70), 2**70) | ODD
    if kind == "string":
        return (
            st.sampled_from([*one.get("enum", []), "", "\u0000", "𠮷" * 5000, "2026-02-30"]) | ODD
        )
    return ODD


def _sender(route: Route) -> Role | None:
    """A role that may call the operation; nobody for public ones."""
    return next((role for role in Role if route.right in GRANTS[role].rights), None)


def _address(stage: Stage, route: Route) -> str:  # noqa: F811
    found = stage.arguments(route, stage.here)
    return "/" + re.sub(r"{(?:\w+:)?(\w+)}", lambda one: str(found[one.group(1)]), route.address)


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_odd_requests_are_refused_and_never_break(route, stage):  # noqa: F811
    client, address = stage.client, _address(stage, route)
    client.cookies.clear()
    if (who := _sender(route)) is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = stage.cookies[who]

    def send(text: str | bytes) -> Any:
        with taken_back():
            return client.generic(route.method, address, text, content_type="application/json")

    @hypothesis_settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)
    @given(body=_odd_body(route))
    def thrown(body: Any) -> None:
        text = json.dumps(body)
        answer = send(text)
        assert answer.status_code < 500, text
        if answer.status_code >= 400:
            assert answer["Content-Type"].startswith("application/problem+json")

    thrown()
    answer = send(b"\xff{")
    assert 400 <= answer.status_code < 500 or not _has_body(route)


def _has_body(route: Route) -> bool:
    return any(model.__ninja_param_source__ == "body" for model in route.operation.models)
