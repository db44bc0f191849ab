"""The dictionary for other systems: any version, what has changed since; codes added and withdrawn."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.dictionary import actions
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.reads import CheckedForm, checked_forms, current, history, version_of
from yiwang.dictionary.reads import since as versions_since
from yiwang.divisions.models import Division

router = Router(tags=["数据字典"])


class DictionaryItemOut(Schema):
    """One item: what it is called, how it is written, whose it is, how long it is fresh.

    `table` names its code list; `kept` tells whether the register keeps it; `fresh_days` null
    means it does not grow old.
    """

    code: str
    name: str
    name_en: str
    type: str
    group: str
    table: str
    kept: bool
    owner: str
    standard: str
    sensitive: bool
    fresh_days: int | None
    aliases: list[str]


class DictionaryCodeOut(Schema):
    """One code; what is not `in_use` is offered no longer but still found in older data."""

    code: str
    name: str
    name_en: str
    in_use: bool


class DictionaryTableOut(Schema):
    """One code list; `kept_by_city` tells whether officials add to it."""

    code: str
    name: str
    name_en: str
    standard: str
    kept_by_city: bool
    codes: list[DictionaryCodeOut]


class DictionaryFormOut(Schema):
    """One form of the service catalogue and the items it binds."""

    code: str
    name: str
    name_en: str
    category: str
    version: int
    items: list[str]


class DictionaryOut(Schema):
    """The dictionary as published in one version."""

    version: str
    published_on: date
    items: list[DictionaryItemOut]
    tables: list[DictionaryTableOut]
    forms: list[DictionaryFormOut]


class DictionaryChangeOut(Schema):
    """One change: `what` is item, table, code or form; `fields` holds pairs of before and after.

    `table` names the list of a code.
    """

    what: str
    kind: str
    table: str
    code: str
    name: str
    name_en: str
    fields: dict[str, list[Any]]


class DictionaryVersionOut(Schema):
    """A version with what it changed."""

    version: str = Field(alias="number")
    published_on: date
    changes: list[DictionaryChangeOut]


class DictionaryChangesOut(Schema):
    """Everything since a version, the oldest first; empty when that one is in force."""

    since: str
    version: str
    versions: list[DictionaryVersionOut]


class DictionaryCodeIn(Schema):
    """A code to be added; with a code the city has added before, its new words."""

    code: str = Field(max_length=40)
    name: str = Field(max_length=80)
    name_en: str = Field(max_length=120)
    basis: str = Field(max_length=200)


class DictionaryReasonIn(Schema):
    """Why a code is withdrawn."""

    reason: str = Field(max_length=200)


class CheckedFormOut(Schema):
    """A form, what it binds and asks, and what is wrong with it."""

    sort: str
    name: str
    bound: int
    kept: int
    free: int
    faults: list[str]


def _whole(version: DictionaryVersion | None) -> dict[str, Any]:
    if version is None:
        raise Http404
    found = {"version": version.number, "published_on": version.published_on}
    return {**version.content, **found}


@router.get("/", response=DictionaryOut, auth=None, summary="现行数据字典 Current dictionary")
def dictionary(request: HttpRequest) -> dict[str, Any]:
    return _whole(current())


@router.get(
    "/versions", response=list[DictionaryVersionOut], auth=None, summary="历次版本 Versions"
)
def versions(request: HttpRequest) -> Any:
    """The newest first, each with its changes."""
    return history()


@router.get("/versions/{number}", response=DictionaryOut, auth=None, summary="某一版 One version")
def dictionary_version(request: HttpRequest, number: str) -> dict[str, Any]:
    return _whole(version_of(number))


@router.get(
    "/changes", response=DictionaryChangesOut, auth=None, summary="某版以来的变更 Changes since"
)
def changes(request: HttpRequest, since: str) -> dict[str, Any]:
    """What a reader who knows the version `since` has to learn."""
    found, newest = versions_since(since), current()
    if found is None or newest is None:
        raise Http404(_("没有这个版本。"))
    return {"since": since, "version": newest.number, "versions": found}


@router.get("/forms", response=list[CheckedFormOut], summary="表单检查 Forms checked")
@allowed("dictionary.view")
def forms(request: StaffRequest) -> list[CheckedForm]:
    """Forms that ask what the register owns, with the item to bind instead."""
    return checked_forms(request.actor)


@router.post("/publish", response={201: DictionaryVersionOut}, summary="发布 Publish")
@allowed("dictionary.publish")
def publish_dictionary(request: StaffRequest) -> Status[DictionaryVersion]:
    return Status(201, actions.publish(_city(), by=request.actor))


@router.post(
    "/tables/{code}/codes", response={201: DictionaryVersionOut}, summary="增加代码 Add a code"
)
@allowed("residents.codes")
def add_code(request: StaffRequest, code: str, body: DictionaryCodeIn) -> Status[DictionaryVersion]:
    """The answer is the version that tells of it."""
    made = actions.add_code(_city(), table=code, **body.dict(), by=request.actor)
    return Status(201, made)


@router.post(
    "/tables/{code}/codes/{one}/withdraw",
    response=DictionaryVersionOut,
    summary="停用代码 Withdraw a code",
)
@allowed("residents.codes")
def withdraw_code(
    request: StaffRequest, code: str, one: str, body: DictionaryReasonIn
) -> DictionaryVersion:
    return actions.withdraw_code(
        _city(), table=code, code=one, reason=body.reason, by=request.actor
    )


@router.post(
    "/tables/{code}/codes/{one}/restore",
    response=DictionaryVersionOut,
    summary="恢复代码 Restore a code",
)
@allowed("residents.codes")
def restore_code(request: StaffRequest, code: str, one: str) -> DictionaryVersion:
    return actions.restore_code(_city(), table=code, code=one, by=request.actor)


def _city() -> Division:
    return get_object_or_404(Division.objects.in_city(), pk=settings.CITY)
