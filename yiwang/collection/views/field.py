"""The telephone form: a shell that works offline, its service worker, and what it takes along."""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.collection import actions
from yiwang.collection.models import Item, Task
from yiwang.collection.reads.sheet import Asked, Sheet, sheets_of
from yiwang.collection.rules.asking import Status
from yiwang.collection.rules.moves import OPEN
from yiwang.core.reads import parameter
from yiwang.residents.models import Relation
from yiwang.residents.rules.dictionary import Field

_STATIC: Final = (
    "yiwang/css/tokens.css", "yiwang/css/app.css", "yiwang/css/console.css", "yiwang/img/logo.svg",
    "yiwang/img/icons.svg", "yiwang/img/calico.svg", "yiwang/vendor/idb-8.0.4.umd.js",
    "collection/collection.css", "collection/store.js", "collection/form.js",
    "collection/field.js",
)  # fmt: skip


@require_GET
@ensure_csrf_cookie
@allowed("collection.collect")
def shell(request: StaffRequest) -> HttpResponse:
    """The page itself holds nothing personal, so that it may lie in the browser's cache."""
    context = {"statuses": _pairs(Status.choices), "relations": _pairs(Relation.choices)}
    return render(request, "collection/field.html", context)


@require_GET
@allowed("collection.collect")
def service_worker(request: StaffRequest) -> HttpResponse:
    """The service worker; its scope is the folder it lies in, /desk/collection/field/."""
    return render(
        request, "collection/worker.js", {"files": _STATIC}, content_type="text/javascript"
    )


@require_GET
@ensure_csrf_cookie
@allowed("collection.collect")
def who(request: StaffRequest) -> JsonResponse:
    """Whether somebody is signed in, and a number that tells whether it is the same person."""
    return JsonResponse({"who": request.actor.user_id})


@require_POST
@allowed("collection.collect")
def package(request: StaffRequest) -> JsonResponse:
    """The open forms of the reader, to be taken along for the day; journaled task by task."""
    actor = request.actor
    mine = Q(worker_id=actor.post_id) | Q(worker__isnull=True)
    rows = Item.objects.visible_to(actor).filter(
        mine, state__in=OPEN, task__in=Task.objects.visible_to(actor).running().order_by()
    )
    rows = rows.select_related(
        "task__campaign", "household__dwelling", "dwelling", "resident"
    ).order_by("building", "pk")
    sheets = sheets_of(rows[: int(parameter("collection.take_most"))])
    tasks = {sheet.item.task_id: sheet.item.task for sheet in sheets}
    for task in tasks.values():
        actions.take_along(task, how="telephone", by=actor)
    return JsonResponse(
        {
            "day": timezone.localdate().isoformat(),
            "who": actor.user_id,
            "tasks": [_task(task) for task in tasks.values()],
            "items": [_item(sheet) for sheet in sheets],
        }
    )


def _pairs(choices: Sequence[tuple[str, Any]]) -> str:
    return json.dumps([[code, str(label)] for code, label in choices], ensure_ascii=False)


def _task(task: Task) -> dict[str, Any]:
    fields = task.campaign.asked().values()
    return {
        "id": task.pk,
        "title": task.campaign.title,
        "due": timezone.localtime(task.campaign.due_at).date().isoformat(),
        "fields": [_field(one) for one in fields],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "code": field.code,
        "label": field.label,
        "type": field.type,
        "choices": [[choice.code, choice.label] for choice in field.choices],
    }


def _item(sheet: Sheet) -> dict[str, Any]:
    item = sheet.item
    return {
        "id": item.pk,
        "task": item.task_id,
        "version": item.version,
        "state": item.state,
        "title": sheet.title,
        "address": sheet.address,
        "building": item.building,
        "people": [
            {
                "id": person.key,
                "name": person.resident.name,
                "line": person.line,
                "fields": [_asked(one) for one in person.fields],
            }
            for person in sheet.people
        ],
        "marks": item.marks,
    }


def _asked(one: Asked) -> dict[str, str]:
    return {"code": one.field.code, "now": one.now, "state": one.state, "mark": one.mark}
