"""What people and programs send by mistake: a clear sentence comes back, and nothing is half done.

Workbooks with merged cells, formulas and strange encodings are tried in residents; here every form
of every page gets the same wrong values, whatever it asks.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.test_permissions import (  # noqa: F401 - the fixtures of the same stage
    GUARDED,
    PUBLIC,
    QUERIES,
    Route,
    Stage,
    _changed,
    _writes_into,
    monkeypatched,
    stage,
    taken_back,
)
from tests.world import COMMUNITY
from yiwang.accounts.models import User
from yiwang.accounts.roles import GRANTS, Role
from yiwang.core.models import JournalLine

WRONG = {
    "nothing": "",
    "blanks": " \u3000\t ",
    "a word": "不知道",
    "full-width digits": "１２３４５６",
    "an impossible day": "2026-02-30",
    "a negative": "-1",
    "a huge number": "9" * 40,
    "a formula": '=HYPERLINK("http://x","y")',
    "a small x": "32069119500101002x",
    "emoji": "👵🏻🏠",
    "a rare character": "𠮷𠮷",
    "a null": "a\u0000b",
    "half a pair": "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "markup": "<script>alert(1)</script>",
    "a quote": "'; DROP TABLE accounts_user; --",
    "a long text": "长" * 5000,
}
ROUNDS = 4
BAD_FILES = (
    b"",
    b"\xff\xfe\x00",
    b"MZ" + b"\x00" * 100,
    b"PK\x03\x04nothing",
    "姓名\n".encode("gbk"),
)
FORMS = [one for one in [*GUARDED, *PUBLIC] if one.method == "POST" and not one.is_api
         and not one.address.startswith("accounts/")]  # fmt: skip


class Fields(HTMLParser):
    """The names of everything a page lets one fill in."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.files: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name")
        if tag in ("input", "select", "textarea", "button") and name:
            (self.files if said.get("type") == "file" else self.names).add(name)


def fields_of(text: str) -> Fields:
    found = Fields()
    found.feed(text)
    found.names -= {"csrfmiddlewaretoken", "_key", "language", "size", "contrast", "next"}
    return found


def is_page(answer: Any) -> bool:
    """Downloads and pictures have no fields."""
    return not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")


def someone(stage: Stage, route: Route) -> Any:  # noqa: F811
    """A role that may send this page."""
    if route.public:
        return None
    return next(role for role in Role if route.right in GRANTS[role].rights)


def address_of(stage: Stage, route: Route) -> str:  # noqa: F811
    arguments = stage.arguments(route, stage.here)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: str(arguments[one.group(1)]), route.address)
    return f"/{address}?" + QUERIES.get(route.name, "").format(division=stage.here.place)


def browser_of(stage: Stage, route: Route) -> Client:  # noqa: F811
    client = stage.client
    client.cookies.clear()
    who = someone(stage, route)
    if who is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = stage.cookies[who]
    return client


def rounds(names: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Everything empty, then each field with another wrong value in every round.

    Neighbours differ, so that no form is tried with one kind of mistake alone; over a few rounds
    and all forms every kind meets every kind of field.
    """
    yield "nothing", dict.fromkeys(names, "")
    words = list(WRONG)
    for turn in range(ROUNDS):
        chosen = {
            name: words[(crc32(name.encode()) + turn * 5 + at) % len(words)]
            for at, name in enumerate(sorted(names))
        }
        yield str(chosen), {name: WRONG[word] for name, word in chosen.items()}


@pytest.mark.parametrize("route", FORMS, ids=str)
def test_wrong_values_in_every_form_are_answered_and_never_break(stage, route):  # noqa: F811
    client, address = browser_of(stage, route), address_of(stage, route)
    shown = client.get(address)
    found = fields_of(shown.content.decode()) if is_page(shown) else Fields()
    for what, said in rounds(found.names):
        files = {name: _file(BAD_FILES[len(what) % len(BAD_FILES)]) for name in found.files}
        written: list[str] = []
        with taken_back(), connection.execute_wrapper(_writes_into(written)):
            answer = client.post(address, {**said, **files, "_key": uuid4().hex})
        assert answer.status_code < 500, what
        if answer.status_code in (422, 400, 403, 404, 409):
            assert not [sql for sql in _changed(written) if not _kept_on_purpose(sql)], what
            assert answer.status_code != 422 or says_why(answer.content.decode()), what


def says_why(text: str) -> bool:
    """The page says what to correct: above the form, at the field or in a notice."""
    return "error-summary" in text or "aria-invalid" in text or 'role="alert"' in text


def _kept_on_purpose(sql: str) -> bool:
    """Wrong guesses at a number are counted; a draft keeps what was typed; a file that was read and
    found faulty keeps its list of errors."""
    return any(
        name in sql
        for name in ("portal_guess", "tracking_failures", "matters_draft", "residents_import")
    )


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("表 格.xlsx", content)


@pytest.fixture
def clerk(world, catalogue):
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.get(pk=world.network_admin.user_id))
    return browser


def new_person(**changes):
    return {"name": "张小云", "phone": "15400001234", "standing": "registered", "source": "visit",
            "place": COMMUNITY, "_key": uuid4().hex, **changes}  # fmt: skip


def people_count():
    from yiwang.residents.models import Resident

    return Resident.objects.count()


def test_a_name_of_ten_megabytes_is_refused_beside_its_field(clerk):
    answer = clerk.post("/desk/residents/new/", new_person(name="长" * (10 * 1024 * 1024 // 3)))
    assert answer.status_code in (400, 413, 422)
    assert people_count() == 0


def test_a_page_sent_in_the_old_encoding_breaks_nothing(clerk):
    body = "name=张小云&phone=15400001234".encode("gbk")
    kind = "application/x-www-form-urlencoded"
    answer = clerk.generic("POST", "/desk/residents/new/", body, content_type=kind)
    assert answer.status_code < 500
    assert people_count() == 0


def test_a_double_click_enters_one_person(clerk):
    said = new_person()
    first = clerk.post("/desk/residents/new/", said)
    again = clerk.post("/desk/residents/new/", said)
    assert {first.status_code, again.status_code} <= {302, 200}
    assert people_count() == 1
    assert JournalLine.objects.filter(act="residents.add").count() == 1


def test_rare_characters_and_full_width_digits_are_taken_as_they_are_meant(clerk):
    from yiwang.residents.models import Resident

    answer = clerk.post(
        "/desk/residents/new/", new_person(name="𠮷野🌸", phone="１５４００００１２３４")
    )
    if answer.status_code == 302:
        kept = Resident.objects.get()
        assert kept.name.startswith("𠮷野")
        assert kept.masked_phone.endswith("1234")
    else:
        assert answer.status_code == 422
        assert people_count() == 0


def test_what_was_typed_is_shown_again_when_the_session_has_ended(clerk):
    session = clerk.session
    session["seen"] = int((timezone.now() - timedelta(days=1)).timestamp())
    session.save()
    answer = clerk.post("/desk/residents/new/", new_person(name="没有丢的名字"))
    assert answer.status_code == 403
    assert "没有丢的名字" in answer.content.decode()
    assert people_count() == 0


def test_a_form_without_its_token_says_how_to_go_on(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(pk=world.network_admin.user_id))
    own = {"referer": "http://testserver/desk/residents/new/", "origin": "http://testserver"}
    answer = strict.post("/desk/residents/new/", new_person(name="没有丢的名字"), headers=own)
    assert answer.status_code == 403
    assert "没有丢的名字" in answer.content.decode()
