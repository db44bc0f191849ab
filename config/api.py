"""The API at /api/v1: every app's `api` room, answered with problem details (RFC 9457)."""

import http
import re
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError
from ninja.parser import Parser as NinjaParser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from yiwang.accounts.authentication import TOKEN_OR_SESSION
from yiwang.core.errors import Refused

# An escaped NUL of JSON: an odd number of backslashes before u0000.
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class LocalTime(NinjaJSONEncoder):
    """Moments in the city's own time, the same whether fresh or read back from the database."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime) and timezone.is_aware(o):
            return timezone.localtime(o).isoformat(timespec="seconds")
        return super().default(o)


class Renderer(JSONRenderer):
    """JSON with local time."""

    encoder_class = LocalTime


class Parser(NinjaParser):
    """JSON without what no text of the database can hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises HttpError 422 for a NUL, raw or written as an escape."""
        if b"\x00" in request.body or _NUL.search(request.body):
            raise HttpError(422, _("内容里有空字符（NUL），请去掉后再发送。"))
        return super().parse_body(request)


api = NinjaAPI(
    renderer=Renderer(),
    parser=Parser(),
    title="一网 Yiwang",
    version="1",
    description="数据一次收集、事务一次受理、资源多方共享",
    urls_namespace="api",
    auth=TOKEN_OR_SESSION,
)


def problem(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One answer for everything that went wrong: status, code for programs, sentence for people."""
    body = {
        "type": f"/api/v1/problems/{code}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    answer = api.create_response(request, body, status=status)
    answer["Content-Type"] = "application/problem+json"
    return answer


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return problem(request, 409, refusal.code, str(refusal), fields=refusal.fields)


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, denial: PermissionDenied) -> HttpResponse:
    return problem(request, 403, "denied", str(denial) or _("没有权限。"))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, 401, "sign_in", _("请先登录，或提供有效的接口密钥。"))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, "not_found", _("没有找到，或不在您的查看范围内。"))


@api.exception_handler(SchemaError)
def unreadable(request: HttpRequest, error: SchemaError) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "detail": one["msg"]}
        for one in error.errors
    ]
    return problem(
        request, 422, "invalid", _("请求内容有误，请按 errors 逐项改正。"), errors=errors
    )


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, 422, "invalid", " ".join(error.messages))


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """What no rule foresaw and the database refused: nothing of it was kept."""
    return problem(request, 422, "invalid", _("有内容太长或超出范围，没有保存，请缩短后再发送。"))


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 429:
        return problem(request, 429, "quota", _("超过每分钟调用上限，请稍后再试。"))
    return problem(request, error.status_code, "failed", str(error))


for app in settings.APPS:
    if find_spec(f"yiwang.{app}.api"):
        api.add_router(f"/{app}", import_module(f"yiwang.{app}.api").router)
