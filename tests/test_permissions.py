"""The permission matrix: every page and operation × every role × inside and outside its area.

Nothing here lists what a role may do. Every address carries the right it asks for (core.doors),
every role carries its rights (accounts.roles), and the two are compared. A new page, operation or
role takes part by itself; an address that declares no right fails by its name.

What a role reads is looked through as well: an identity number is whole nowhere but after a
reveal, which is an act with a reason; a telephone and a home address are whole only on the file of
somebody one is working for; lists are masked for everyone.
"""

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Template, engines
from django.template.backends.django import DjangoTemplates
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from ninja.operation import Operation

from config.api import api
from tests.bodies import fill
from tests.corners import (
    HERE,
    THERE,
    Corner,
    actor_on,
    build_corner,
    lowest_level,
    stands_inside,
)
from tests.world import World, build_world
from yiwang.accounts import middleware as accounts_middleware
from yiwang.accounts.actor import OWN, Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import GRANTS, Role
from yiwang.matters.views.handlings import HANDLINGS
from yiwang.queues.reads import touch_key
from yiwang.residents.actions import record_facts

# Pages of one's own account: everyone who is signed in may open them, with or without a post.
OWN_ACCOUNT = {"accounts:me", "accounts:profile", "accounts:switch", "api:me"}
# Which record an address speaks of: the beginning of the address decides.
KINDS = (
    (r"^desk/accounts/people/<", "person"),
    (r"^desk/accounts/posts/<", "post"),
    (r"^desk/accounts/delegations/<", "delegation"),
    (r"^desk/accounts/units/<", "unit"),
    (r"^desk/accounts/tokens/<", "token"),
    (r"^desk/accounts/board/<", "officer"),
    (r"^desk/divisions/review/<", "review"),
    (r"^desk/divisions/(branch/)?<", "division"),
    (r"^desk/statistics/profiles/<", "division"),
    (r"^api/v1/statistics/(figures|profiles)/\{", "division"),
    (r"^desk/personal/requests/<", "right"),
    (r"^desk/personal/restrictions/<", "restriction"),
    (r"^desk/personal/residents/<", "resident"),
    (r"^desk/personal/accounts/<", "account"),
    (r"^desk/personal/authorisations/<", "authorisation"),
    (r"^desk/personal/consents/<", "consent"),
    (r"^desk/personal/retention/<", "retention"),
    (r"^desk/personal/destruction/<", "destruction"),
    (r"^desk/personal/findings/<", "finding"),
    (r"^desk/personal/(notice|retention)", "notice"),
    (r"^desk/residents/households/<", "household"),
    (r"^desk/residents/(buildings|dwellings)/<", "dwelling"),
    (r"^desk/residents/groups/<", "group"),
    (r"^desk/residents/transfers/<", "transfer"),
    (r"^desk/residents/addresses/<", "address"),
    (r"^desk/residents/imports/<", "batch"),
    (r"^desk/residents/documents/<", "document"),
    (r"^desk/residents/<", "resident"),
    (r"^desk/tags/kinds/<", "tag_kind"),
    (r"^api/v1/tags/kinds$", "city"),
    (r"^desk/tags/rolls/new/<", "sent_file"),
    (r"^desk/tags/rolls/<", "roll"),
    (r"^desk/tags/visits/<", "visit_list"),
    (r"^desk/tags/residents/<", "resident"),
    (r"^desk/tags/exceptions/<", "tag_exception"),
    (r"^desk/tags/<", "tag"),
    (r"^desk/dictionary/(tables|publish)", "city"),
    (r"^api/v1/dictionary/(tables|publish)", "city"),
    (r"^desk/assessments/residents/<", "resident"),
    (r"^desk/assessments/scales/<", "scale"),
    (r"^desk/assessments/<", "grading"),
    (r"^desk/notifications/words/<", "city"),
    (r"^desk/notifications/<", "delivery"),
    (r"^desk/needs/surveys/<", "survey"),
    (r"^desk/needs/assessments/<", "assessment"),
    (r"^desk/needs/<", "need"),
    (r"^desk/organizations/merges/<", "organization_merge"),
    (r"^desk/organizations/imports/<", "organization_batch"),
    (r"^desk/organizations/resources/<", "resource"),
    (r"^desk/organizations/papers/<", "paper"),
    (r"^desk/organizations/<", "organization"),
    (r"^queue/<", "queue_ticket"),
    (r"^desk/queues/windows/<", "queue_window"),
    (r"^desk/queues/tickets/<", "queue_ticket"),
    (r"^desk/queues/plans/<", "unit"),
    (r"^desk/queues/appointments/<", "appointment"),
    (r"^desk/queues/<", "queue_day"),
    (r"^desk/linkage/pairs/<", "pair"),
    (r"^desk/linkage/merges/<", "merge"),
    (r"^desk/linkage/files/<", "sent_file"),
    (r"^desk/linkage/checks/<", "check"),
    (r"^desk/linkage/rows/<", "sent_row"),
    (r"^desk/orders/workplaces/<", "workplace"),
    (r"^desk/orders/<", "service_order"),
    (r"^desk/liaison/places/<", "division"),
    (r"^desk/liaison/devices/<", "device"),
    (r"^desk/liaison/repairs/<", "repair"),
    (r"^desk/liaison/notices/<", "work_notice"),
    (r"^desk/liaison/files/<", "notice_file"),
    (r"^desk/liaison/logs/<", "day_log"),
    (r"^desk/liaison/enrolments/<", "enrolment"),
    (r"^desk/liaison/posts/<", "post"),
    (r"^desk/liaison/courses/<", "course"),
    (r"^desk/liaison/roster/<", "unit"),
    (r"^desk/liaison/duties/<", "duty"),
    (r"^desk/liaison/swaps/<", "swap"),
    (r"^desk/supervision/steps/<", "step"),
    (r"^desk/supervision/orders/<", "order"),
    (r"^desk/supervision/circulars/<", "circular"),
    (r"^desk/quality/standards/<", "item"),
    (r"^desk/quality/samples/<", "sample"),
    (r"^desk/quality/checks/<", "quality_check"),
    (r"^desk/quality/findings/<", "quality_finding"),
    (r"^desk/quality/promises/<", "promise"),
    (r"^desk/quality/discussions/<", "discussion"),
    (r"^units/<", "unit"),
    (r"^api/v1/quality/standards/\{", "item"),
    (r"^api/v1/quality/samples/\{", "sample"),
    (r"^api/v1/quality/checks/\{", "quality_check"),
    (r"^api/v1/quality/findings/\{", "quality_finding"),
    (r"^api/v1/quality/promises/\{pk", "promise"),
    (r"^api/v1/quality/discussions/\{", "discussion"),
    (r"^desk/matters/reopened/<", "reopening"),
    (r"^desk/matters/<[^>]+>/rating", "rated"),
    (r"^api/v1/matters/reopened/\{", "reopening"),
    (r"^api/v1/matters/\{number\}/(rating|call-backs)", "rated"),
    (r"^desk/matters/follow-ups/<", "follow_up"),
    (r"^desk/matters/extensions/<", "extension"),
    (r"^desk/matters/accept/<", "draft"),
    (r"^desk/matters/catalogue/categories/<", "city"),
    (r"^desk/matters/catalogue/revisions/<", "revision"),
    (r"^desk/matters/catalogue/(<|new)", "item"),
    (r"^desk/matters/routing/<", "routing_rule"),
    (r"^desk/matters/opinions/<", "opinion"),
    (r"^desk/matters/entrustments/<", "entrustment"),
    (r"^desk/matters/bundles/cases/<", "bundle_case"),
    (r"^desk/matters/bundles/(<|new)", "bundle"),
    (r"^desk/matters/<[^>]+>/materials/<", "material"),
    (r"^desk/matters/<[^>]+>/correction-notice", "returned"),
    (r"^desk/matters/<[^>]+>/steps/<", "step"),
    (r"^desk/matters/<[^>]+>/(result|delivery-receipt|signature)", "rated"),
    (r"^desk/matters/<", "matter"),
    (r"^desk/collection/tasks/<", "task"),
    (r"^desk/collection/items/<", "form"),
    (r"^desk/collection/scans/<", "scan"),
    (r"^desk/collection/campaigns/<", "campaign"),
    (r"^desk/collection/demands/<", "demand"),
    (r"^desk/sharing/files/<", "shared_file"),
    (r"^desk/sharing/<", "agreement"),
    (r"^api/v1/sharing/files/\{", "shared_file"),
    (r"^api/v1/sharing/agreements/\{", "agreement"),
    (r"^api/v1/collection/tasks/\{", "task"),
    (r"^api/v1/collection/items/\{", "form"),
    (r"^api/v1/collection/campaigns/\{", "campaign"),
    (r"^api/v1/collection/demands/\{", "demand"),
    (r"^api/v1/personal/requests/\{", "right"),
    (r"^api/v1/personal/restrictions/\{", "restriction"),
    (r"^api/v1/personal/residents/\{", "resident"),
    (r"^api/v1/personal/accounts/\{", "account"),
    (r"^api/v1/personal/authorisations/\{", "authorisation"),
    (r"^api/v1/personal/consents/\{", "consent"),
    (r"^api/v1/personal/retention/\{", "retention"),
    (r"^api/v1/personal/destruction/\{", "destruction"),
    (r"^api/v1/personal/findings/\{", "finding"),
    (r"^api/v1/personal/notice/\{", "notice"),
    (r"^api/v1/queues/plans/\{", "unit"),
    (r"^api/v1/queues/appointments/\{", "appointment"),
    (r"^api/v1/queues/days/\{", "queue_day"),
    (r"^api/v1/queues/windows/\{", "queue_window"),
    (r"^api/v1/queues/tickets/\{", "queue_ticket"),
    (r"^api/v1/organizations/merges/\{", "organization_merge"),
    (r"^api/v1/organizations/imports/\{", "organization_batch"),
    (r"^api/v1/organizations/resources/\{", "resource"),
    (r"^api/v1/organizations/papers/\{", "paper"),
    (r"^api/v1/organizations/\{", "organization"),
    (r"^api/v1/accounts/posts/\{", "post"),
    (r"^api/v1/accounts/tokens/\{", "token"),
    (r"^api/v1/accounts/units/\{", "unit"),
    (r"^api/v1/accounts/board/\{", "officer"),
    (r"^api/v1/divisions/reviews/\{", "review"),
    (r"^api/v1/divisions/\{", "division"),
    (r"^api/v1/residents/imports/\{", "batch"),
    (r"^api/v1/residents/households/\{", "household"),
    (r"^api/v1/residents/dwellings/\{", "dwelling"),
    (r"^api/v1/residents/groups/\{", "group"),
    (r"^api/v1/residents/transfers/\{", "transfer"),
    (r"^api/v1/residents/addresses/\{", "address"),
    (r"^api/v1/residents/documents/\{", "document"),
    (r"^api/v1/residents/\{", "resident"),
    (r"^api/v1/tags/kinds/\{", "tag_kind"),
    (r"^api/v1/tags/residents/\{", "resident"),
    (r"^api/v1/tags/rolls/\{", "roll"),
    (r"^api/v1/tags/visit-lists/\{", "visit_list"),
    (r"^api/v1/tags/\{", "tag"),
    (r"^api/v1/assessments/residents/\{", "resident"),
    (r"^api/v1/assessments/scales$", "city"),
    (r"^api/v1/assessments/\{", "grading"),
    (r"^api/v1/notifications/words/\{", "city"),
    (r"^api/v1/notifications/\{", "delivery"),
    (r"^api/v1/needs/surveys/\{", "survey"),
    (r"^api/v1/needs/assessments/\{", "assessment"),
    (r"^api/v1/needs/\{", "need"),
    (r"^api/v1/linkage/pairs/\{", "pair"),
    (r"^api/v1/linkage/merges/\{", "merge"),
    (r"^api/v1/linkage/files/\{", "sent_file"),
    (r"^api/v1/linkage/tasks/\{", "check"),
    (r"^api/v1/linkage/rows/\{", "sent_row"),
    (r"^api/v1/orders/workplaces/\{", "workplace"),
    (r"^api/v1/orders/\{", "service_order"),
    (r"^api/v1/performance/(figures|matters)/\{", "division"),
    (r"^api/v1/core/tasks/\{", "city"),
    (r"^api/v1/liaison/devices/\{", "device"),
    (r"^api/v1/liaison/repairs/\{", "repair"),
    (r"^api/v1/liaison/notices/\{", "work_notice"),
    (r"^api/v1/liaison/files/\{", "notice_file"),
    (r"^api/v1/liaison/logs/\{", "day_log"),
    (r"^api/v1/liaison/enrolments/\{", "enrolment"),
    (r"^api/v1/liaison/posts/\{", "post"),
    (r"^api/v1/liaison/courses$", "city"),
    (r"^api/v1/liaison/courses/\{", "course"),
    (r"^api/v1/liaison/roster/\{", "unit"),
    (r"^api/v1/liaison/duties/\{", "duty"),
    (r"^api/v1/liaison/swaps/\{", "swap"),
    (r"^api/v1/supervision/steps/\{", "step"),
    (r"^api/v1/supervision/orders/\{", "order"),
    (r"^api/v1/supervision/circulars/\{", "circular"),
    (r"^api/v1/matters/services/\{code\}/", "item"),
    (r"^api/v1/matters/categories/\{", "city"),
    (r"^api/v1/matters/revisions/", "revision"),
    (r"^api/v1/matters/routing/\{", "routing_rule"),
    (r"^api/v1/matters/opinions/\{", "opinion"),
    (r"^api/v1/matters/entrustments/\{", "entrustment"),
    (r"^api/v1/matters/bundles/\{code\}/accept", ""),
    (r"^api/v1/matters/bundles/\{", "bundle"),
    (r"^api/v1/matters/cases/\{", "bundle_case"),
    (r"^api/v1/matters/\{number\}/steps/\{", "step"),
    (r"^api/v1/matters/\{number\}/extensions/\{", "extension"),
    (r"^api/v1/matters/\{number\}/(deliver|follow-up|result|revoke)", "rated"),
    (r"^api/v1/matters/\{number\}", "matter"),
)
# Arguments that name something everyone shares: the law, the catalogue, a kind of list.
SHARED = {
    "rule_id": "SV-2.extend", "code": "elder-care-subsidy", "what": "places", "pk": 1, "topic": "privacy",
    "unit": 1, "secret": "x", "view": 1,
    "field": "identity_number", "key": "320613001001", "number": "2026112300001", "client_id": "1",
    "uidb36": "1", "provider": "x",
}  # fmt: skip
OF_DICTIONARY = {"part": "items", "code": "disability_kind", "one": "visual", "kind": "json",
                 "number": "1.0.0"}  # fmt: skip
SHARED_BY_ROUTE = {
    "matters:revision-part": {"part": "steps"},
    "matters:revision-step": {"code": "community_check"},
    "matters:revision-question": {"code": "phone"},
    "matters:notice": {"what": "acceptance", "kind": "pdf"},
    "api:notice_document": {"what": "acceptance"},
    "portal:verify": {"code": "ABCDEFGH"}, "portal:rate-invited": {"token": "x"}, "queues:handle": {"what": "again"},
    "organizations:decide": {"what": "approved"}, "matters:result-file": {"kind": "pdf"},
    "api:run_scheduled_job": {"code": "config.schedule.seal"},
    "matters:category": {"code": "eldercare"},
    "api:rename_service_category": {"code": "eldercare"},
    "orders:work": {"what": "accept"}, "orders:settle": {"what": "confirm"},
    "notifications:wording": {"kind": "accepted", "channel": "sms"},
    "api:wording": {"kind": "accepted", "channel": "sms"},
    "api:publish_words": {"kind": "accepted", "channel": "sms"},
    "api:preview_words": {"kind": "accepted", "channel": "sms"},
    "organizations:resource-turn": {"what": "end"},
    "organizations:field": {"field": "name"},
    **dict.fromkeys(
        ("portal:dictionary-entry", "portal:dictionary-download", "dictionary:table",
         "dictionary:withdraw", "dictionary:restore", "api:dictionary_version", "api:add_code",
         "api:withdraw_code", "api:restore_code"), OF_DICTIONARY),
}  # fmt: skip
WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Pages that show nothing until something was asked or has happened.
QUERIES = {
    "divisions:change-new": "type=rename&division={division}",
    "matters:revision-check": "place={division}",
}
OF_FILES = {
    "api:upload",
    "api:send_file",
    "api:import_workbook",
    "api:read_bpmn",
    "api:accept_with_files",
}
# The last asks for what only a finished collection brings; the tests of collection walk it.
EMPTY_HERE = {
    "console:remove-demo",
    "matters:material",
    "matters:signature",
    "organizations:paper-scan",
    "api:upload",
    "api:result",
    "quality:proof",
    "api:finding_proof",
    "liaison:notice-file",
    "api:notice_file",
}
IDENTITY, PHONE, ADDRESS = "320691195001010026", "15400008830", "南园新村12幢302室"
NAME = "陈桂英"
# The log-in itself is written down whenever somebody does anything.
OF_THE_SESSION = {"django_session", "usersessions_usersession"}


@dataclass(frozen=True)
class Route:
    """One address with one method, and what it says of itself."""

    name: str
    address: str
    method: str
    right: str
    kind: str = ""
    public: bool = False
    operation: Any = field(default=None, compare=False)
    handling: str = ""

    @property
    def is_api(self) -> bool:
        return self.operation is not None

    def __str__(self) -> str:
        return f"{self.method} {self.name}{':' + self.handling if self.handling else ''}"


def _kind(address: str) -> str:
    return next((kind for pattern, kind in KINDS if re.match(pattern, address)), "")


def patterns(
    found: Any = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every address of the resolver as (name, route, view)."""
    for one in (found or get_resolver()).url_patterns:
        route = prefix + str(one.pattern).replace("^", "").replace("\\Z", "").replace("$", "")
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from patterns(one, route, space + inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name or route}", route, one.callback


def page_routes() -> Iterator[Route]:
    for name, address, view in patterns():
        if address.startswith("api/"):
            continue
        public = not getattr(view, "login_required", True)
        for method in ("GET", "POST"):
            right = getattr(view, "right" if method == "GET" else "right_to_post", "")
            route = Route(name, address, method, right, _kind(address), public)
            yield from _handlings(route) if "<slug:key>" in address else [route]


def _handlings(route: Route) -> Iterator[Route]:
    """One address serves every handling of a matter; each has a right of its own."""
    for one in HANDLINGS.values():
        if one.of_step == ("<int:step>" in route.address):
            yield Route(
                route.name, route.address, route.method, one.right, route.kind, handling=one.key
            )


def operations() -> Iterator[tuple[str, Operation]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            address = "/".join(["api/v1", router.prefix.strip("/"), path.lstrip("/")])
            for operation in view.operations:
                yield address.replace("//", "/"), operation


def api_routes() -> Iterator[Route]:
    for address, operation in operations():
        view = operation.view_func
        plain = re.sub(r"\{\w+:(\w+)\}", r"{\1}", address)
        for method in operation.methods:
            yield Route(
                f"api:{view.__name__}", plain, method, getattr(view, "right", ""), _kind(plain),
                not operation.auth_callbacks, operation,
            )  # fmt: skip


ROUTES = [*page_routes(), *api_routes()]
GUARDED = [one for one in ROUTES if one.right and (one.is_api or one.address.startswith("desk/"))]
PUBLIC = [one for one in ROUTES if one.public]
PRIVATE = [one for one in ROUTES if not one.public]


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written within is gone afterwards.

    Rolling back alone would leave the savepoint standing: each of thousands would hold a lock.
    Both are said at once, and what waited for a commit is forgotten.
    """
    waiting = list(connection.run_on_commit)
    point = connection.ops.quote_name(transaction.savepoint())
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ROLLBACK TO SAVEPOINT {point}; RELEASE SAVEPOINT {point}")
        connection.run_on_commit = waiting
        connection.needs_rollback = False


@dataclass
class Stage:
    """The world with its two corners and somebody of every role, signed in."""

    world: World
    here: Corner
    there: Corner
    actors: dict[Role, Actor]
    cookies: dict[Any, str]
    # One for all: a new client would load the middleware anew for every request.
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, who: Any, route: Route, corner: Corner) -> tuple[int, str, list[str]]:
        """Status, text (also of a workbook) and what was written; then the database is as before."""
        client = self.client
        client.cookies.clear()
        if who in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[who]
        written: list[str] = []
        with taken_back(), connection.execute_wrapper(_writes_into(written)):
            answer = _send(client, route, self.arguments(route, corner), corner)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, _text(body), written

    def arguments(self, route: Route, corner: Corner) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in re.findall(r"[<{](?:\w+:)?(\w+)[>}]", route.address):
            found[name] = self._argument(route, corner, name)
        return found

    def _argument(self, route: Route, corner: Corner, name: str) -> Any:
        if name == "key" and route.handling:
            return route.handling
        if not route.kind or name in ("code", "field", "what", "one", "kind", "channel", "part"):
            return SHARED_BY_ROUTE.get(route.name, SHARED)[name]
        record = corner[route.kind]
        if route.address.startswith("queue/") and name != "number":
            unit = record.day.unit_id
            return unit if name == "unit" else touch_key(unit)
        if name == "number":
            return getattr(record, "matter", record).number
        return record.key if route.kind == "division" else record.pk


def _text(body: bytes) -> str:
    """What stands in a page, in JSON or in the sheets of a workbook."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            sheets = [name for name in book.namelist() if name.endswith(".xml")]
            body = b"".join(book.read(name) for name in sheets)
    elif body.startswith((b"{", b"[")) and b"\\u" in body:
        body = json.dumps(json.loads(body), ensure_ascii=False).encode()
    return body.decode(errors="replace")


def _writes_into(written: list[str]) -> Callable[..., Any]:
    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = WRITES.match(sql)
        if match and match.group(2) not in OF_THE_SESSION:
            written.append(sql[:90])
        return execute(sql, params, many, context)

    return watch


def _send(client: Client, route: Route, arguments: dict[str, Any], corner: Corner) -> Any:
    address = re.sub(
        r"[<{](?:\w+:)?(\w+)[>}]", lambda match: str(arguments[match.group(1)]), route.address
    )
    if route.is_api:
        query, body = fill(route.operation, corner)
        address = f"/{address}?{query}"
        if route.method == "GET":
            return client.get(address)
        if isinstance(body, dict) and "file" in body:
            return client.post(address, body)
        return client.generic(route.method, address, body, content_type="application/json")
    query = QUERIES.get(route.name, "").format(division=corner.place)
    if route.method == "GET":
        return client.get(f"/{address}?{query}")
    return client.post(f"/{address}", {"_key": uuid4().hex})


@pytest.fixture(scope="module")
def monkeypatched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def plain_refusals(patch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals need no menu around them and no line in the log: the pages themselves
    are tested elsewhere. Nobody's account, session and posts change for good here, so that they
    are looked up once; no test reads what templates were drawn, so that none is noted."""
    patch.setattr(logging.getLogger("django.request"), "disabled", True)
    patch.setattr(accounts_middleware, "KEEP_SECONDS", 3600)
    patch.setattr(SessionStore, "load", _once(SessionStore.load, lambda one: one.session_key))
    patch.setattr(ModelBackend, "get_user", _once(ModelBackend.get_user, lambda _one, pk: int(pk)))
    found = accounts_middleware._find
    patch.setattr(accounts_middleware, "_find", _once(found, lambda one, chosen: (one.pk, chosen)))
    patch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))

    def plain(status: int) -> Callable[..., HttpResponse]:
        return lambda request, exception=None: HttpResponse(str(exception), status=status)

    resolver = get_resolver()
    patch.setattr(resolver.urlconf_module, "handler403", login_not_required(plain(403)))
    patch.setattr(resolver.urlconf_module, "handler404", login_not_required(plain(404)), False)
    engine = cast("DjangoTemplates", engines["django"]).engine
    kept = [one for one in engine.template_context_processors if one.__name__ != "shell"]
    kept.append(lambda request: {"today": timezone.localdate()})
    patch.setattr(engine, "template_context_processors", tuple(kept))


def _once(ask: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    """The same question of the database, asked once; each asker gets a copy."""
    known: dict[Any, Any] = {}

    def answer(*asked: Any) -> Any:
        name = key(*asked)
        if name not in known:
            known[name] = ask(*asked)
        return copy(known[name])

    return answer


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None, django_db_blocker: Any, monkeypatched: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """Built once; every request is taken back."""
    from yiwang.core.memory import forget
    from yiwang.matters.sheets import load_catalogue

    forget("")
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        load_catalogue(only=("elder-care-subsidy",))
        here = build_corner(world, HERE, NAME, "近处人", IDENTITY, PHONE)
        record_facts(
            here["resident"], values={"home_address": ADDRESS}, source_kind="visit",
            source_label="走访", by=Actor.system(),
        )  # fmt: skip
        there = build_corner(world, THERE, "韩文静", "路远方", "320692195102020035", "15400008831")
        actors = {role: actor_on(world, role, lowest_level(role), HERE) for role in Role}
        postless = User.objects.create(username="postless", name="无岗")
        people = {role: User.objects.get(pk=actor.user_id) for role, actor in actors.items()}
        cookies = {who: _sign_in(user) for who, user in [*people.items(), ("postless", postless)]}
        plain_refusals(monkeypatched)
        yield Stage(world, here, there, actors, cookies)
        transaction.set_rollback(True)
    forget("")


def _sign_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    client.get("/desk/help/")  # what a session notes once is noted now
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_every_address_declares_the_right_it_asks_for():
    silent = [
        str(one)
        for one in PRIVATE
        if not one.right
        and one.name not in OWN_ACCOUNT
        and not _of_the_log_in(one)
        and not _of_a_resident(one)
    ]
    assert silent == []


def _of_the_log_in(route: Route) -> bool:
    """Signing in and the second factor, by the library: about the own account alone."""
    return route.address.startswith(("accounts/", "i18n/"))


def test_every_right_asked_for_is_one_that_some_role_holds():
    held = frozenset().union(*(grant.rights for grant in GRANTS.values()))
    assert {one.right for one in GUARDED} - held == set()


def test_the_matrix_is_as_large_as_the_product():
    assert len(GUARDED) > 100
    asked = {one.right.partition(".")[0] for one in GUARDED}
    assert asked >= {"accounts", "core", "divisions", "matters", "residents"}


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_who_may_and_who_may_not(stage, route):
    """No role without the right comes in; each role with it does where it is at home."""
    wrong: list[str] = []
    opened = False
    for role, actor in stage.actors.items():
        status, text, written = stage.ask(role, route, stage.here)
        if status == 405:
            return
        has = route.right in GRANTS[role].rights
        inside = not route.kind or _inside(actor, stage.here, route)
        opened |= status < 400
        if status >= 500:
            wrong.append(f"{role} {role.label}: {status}")
        if not has and (status not in _refusals(route) or _changed(written)):
            wrong.append(f"{role} {role.label} without {route.right}: {status} {written[:2]}")
        if has and inside and status == 403:
            wrong.append(f"{role} {role.label} with {route.right}: 403 {_sentence(text)}")
        wrong += _told(stage, actor, text, role)
        if route.method == "GET" and status < 300:
            wrong += [f"{role} {role.label} reads {one}" for one in _leaks(route, role, text)]
    assert wrong == []
    assert opened or route.method != "GET" or route.name in EMPTY_HERE, "nobody can open this"


def _refusals(route: Route) -> tuple[int, ...]:
    """A file or body that is missing may be said before anybody asks who sends it."""
    return (403, 404, 422) if route.name in OF_FILES else (403, 404)


def _inside(actor: Actor, corner: Corner, route: Route) -> bool:
    """In the area, or for rights over what is one's own: the own record."""
    record = corner[route.kind]
    if route.right in OWN:
        return bool(record.holder_id == actor.user_id)
    return stands_inside(actor, record)


def _changed(written: list[str]) -> list[str]:
    """Writing into the journal that somebody was refused is no change."""
    return [sql for sql in written if "core_journalline" not in sql]


def _sentence(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())[-200:]


def _told(stage: Stage, actor: Actor, text: str, role: Role) -> list[str]:
    """Nothing of the other county is on any page of somebody who does not see it."""
    if actor.see.holds(stage.there.place):
        return []
    return [f"{role} reads {word}" for word in stage.there.telling() if word in text]


def _leaks(route: Route, role: Role, text: str) -> list[str]:
    """What of a person stands there in full; without the register one sees no way to reach her."""
    is_list = not re.search(r"[<{]", route.address)
    masked = [PHONE] if is_list or "residents.view" not in GRANTS[role].rights else []
    fields = [IDENTITY, *masked, *([ADDRESS] if is_list else [])]
    return [one for one in fields if one in text]


# Places, units and the catalogue are public; what is written about them asks the area all the same.
READ_BY_ALL = {
    "city", "division", "unit", "item", "revision", "tag_kind", "notice", "retention", "destruction",
    "scale", "bundle",
}  # fmt: skip


@pytest.mark.parametrize("route", [one for one in GUARDED if one.kind], ids=str)
def test_nothing_outside_the_area_is_read_or_written(stage, route):
    wrong: list[str] = []
    for role, actor in stage.actors.items():
        if route.right not in GRANTS[role].rights:
            continue  # refused at the door, wherever the record stands
        if _inside(actor, stage.there, route):
            continue
        status, _body, written = stage.ask(role, route, stage.there)
        if status == 405:
            return
        shut = status in (403, 404) or (status in (200, 422) and route.kind in READ_BY_ALL)
        if not shut or _changed(written):
            wrong.append(f"{role} {role.label}: {status} {_changed(written)[:2]}")
    assert wrong == []


def test_a_visitor_is_sent_to_the_log_in(stage):
    wrong = []
    for route in PRIVATE:
        status, text, written = stage.ask(None, route, stage.here)
        sent = status == 401 and '"sign_in"' in text if route.is_api else status in (302, 404, 405)
        if not sent or _changed(written):
            wrong.append(f"{route}: {status} {_changed(written)[:2]}")
    assert wrong == []


def _of_a_resident(route: Route) -> bool:
    """Signed in with the residents' own cookie: about herself, and whom she acts for."""
    return route.address.startswith(("api/v1/personal/mine/", "api/v1/matters/mine/"))


@pytest.mark.parametrize("route", [one for one in ROUTES if _of_a_resident(one)], ids=str)
def test_a_staff_session_opens_nothing_of_a_resident(stage, route):
    for role in stage.actors:
        status, _body, written = stage.ask(role, route, stage.here)
        assert (status, _changed(written)) == (401, []), role


def test_a_visitor_is_answered_on_public_addresses(stage):
    wrong = []
    for route in PUBLIC:
        status, text, _written = stage.ask(None, route, stage.here)
        told = [one for one in (IDENTITY, PHONE, ADDRESS, NAME) if one in text]
        if status >= 500 or status in (401, 403) or told:
            wrong.append(f"{route}: {status} {told}")
    assert wrong == []


def test_a_person_without_a_post_opens_nothing(stage):
    wrong = []
    for route in ROUTES:
        if route.right and route.name not in OWN_ACCOUNT:
            status, _body, written = stage.ask("postless", route, stage.here)
            if status not in (401, 403, 405) or _changed(written):
                wrong.append(f"{route}: {status} {_changed(written)[:2]}")
    assert wrong == []


def test_pages_without_a_right_answer_everyone_without_breaking(stage):
    wrong = []
    for route in ROUTES:
        for who in () if route.right else ("postless", Role.ADMINISTRATOR, Role.KIOSK):
            status, _body, _written = stage.ask(who, route, stage.here)
            wrong += [f"{route} {who}: {status}"] if status >= 500 else []
    assert wrong == []
