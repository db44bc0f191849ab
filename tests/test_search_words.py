"""Whom somebody looks for stands in no address, log, journal line or error page."""

import logging
import re
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from config.api import api
from tests.world import CITY, COMMUNITY, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.residents.actions import add_resident

WORDS: Final = re.compile(
    r"^(q|who|text|words|search|number)$|name|phone|identity|address|mail|birth|born"
)
# Operations whose words mean no person, and what they do mean.
NO_PERSONS: Final = {
    "accounts/units": "a unit by the name it has in the plan",
    "divisions/": "a place",
    "divisions/{key}/children": "a place",
    "liaison/notices": "the title of a work notice",
    "matters/ratings": "number or title of a matter",
    "matters/ratings/against": "number, title or unit of a matter",
    "matters/revisions/": "a service of the catalogue",
    "matters/services/": "a service of the catalogue",
    "matters/waiting": "number, title or unit of a matter",
    "organizations/": "name or code of an organisation",
    "organizations/export": "name or code of an organisation",
    "organizations/find": "what is offered near a place",
    "quality/checks": "unit, number or text of a check",
    "quality/discussions": "unit, number or text of a discussion",
    "quality/findings": "unit, number or text of a finding",
    "sharing/agreements": "title or unit of an agreement",
    "supervision/steps": "number or title of a matter",
}


def test_no_operation_takes_words_about_persons_in_its_address():
    """A new search goes into a body, or says here why its words mean nobody."""
    found = {
        path.removeprefix("/api/v1/")
        for path, methods in api.get_openapi_schema()["paths"].items()
        for operation in methods.values()
        for one in operation.get("parameters", ())
        if one["in"] == "query" and WORDS.search(one["name"])
    }
    assert found == set(NO_PERSONS)


FORM: Final = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
OF_PERSONS: Final = re.compile(r"姓名|电话|证件号|身份证|经办人|户主|person_q|\bname=\"who\"")


def test_no_form_puts_words_about_persons_into_its_address():
    """Forms with such a field are sent; what they ask for stands in their own text."""
    wrong = [
        f"{file.relative_to(settings.BASE)}: {found.group(0)[:80]}"
        for file in Path(settings.BASE, "yiwang").rglob("templates/**/*.html")
        for found in FORM.finditer(file.read_text())
        if 'method="post"' not in found.group(1) and OF_PERSONS.search(found.group(2))
    ]
    assert wrong == []


SEARCHES: Final = (
    (Role.COMMUNITY_NETWORK, COMMUNITY, "committee", "/desk/residents/", "q", "/residents/search"),
    (
        Role.ADMINISTRATOR,
        CITY,
        "data_bureau",
        "/desk/accounts/people/",
        "q",
        "/accounts/people/search",
    ),
    (Role.DATA_OFFICER, CITY, "data_bureau", "/site/journal/", "who", ""),
)
NAME: Final = "欧阳文静"


def test_a_search_leaves_its_words_nowhere(world: World, sign_in: Any, caplog: Any) -> None:
    """By page and by program, rightly and wrongly asked; the addresses are all a server logs."""
    caplog.set_level(logging.DEBUG)
    born = {"born_on": "1980-01-01"}
    add_resident(world.place(COMMUNITY), name=NAME, values=born, by=world.network_admin)
    before = JournalLine.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for role, place, unit, page, field, operation in SEARCHES:
        browser = sign_in(world.actor(role, place, unit))
        answers = [browser.post(page, {"_words": "1", field: NAME})]
        answers.append(browser.get(answers[0]["Location"]))
        assert [one.status_code for one in answers] == [302, 200], page
        bodies = ({"text": NAME}, {"text": NAME * 40}, {"words": NAME}, [NAME])
        if operation:
            address = f"/api/v1{operation}"
            answers += [browser.post(address, one, "application/json") for one in bodies]
            assert [one.status_code for one in answers[2:]] == [200, 422, 422, 422], operation
        told = [one.wsgi_request.get_full_path() for one in answers] + [answers[0]["Location"]]
        told += [one.content.decode() for one in answers if one.status_code >= 400]
        _silent(*told, str(dict(browser.session)))
    _silent(caplog.text, *map(str, JournalLine.objects.filter(pk__gt=before).values()))


def _silent(*told: str) -> None:
    for text in told:
        assert NAME not in text
        assert "%E6%AC%A7" not in text.upper()
