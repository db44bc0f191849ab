"""The resident's own messages and way of being told, at /api/v1/personal/mine."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from yiwang.notifications.actions import choose_way, mark_read
from yiwang.notifications.models import Message
from yiwang.notifications.reads import choice_of, told_to
from yiwang.personal.http import ResidentCookie, who

from .shapes import Done

router = Router(tags=["个人信息"], auth=ResidentCookie(csrf=True))
MOST = 200


class OwnMessageOut(Schema):
    """One message as it lies in the account."""

    id: int
    kind: str
    number: str
    title: str
    text: str
    at: datetime
    read_at: datetime | None


class OwnWay(Schema):
    """By which way one is told: sms, email, print or app; and whether reminders are wanted."""

    channel: str = "sms"
    email: str = Field("", max_length=254)
    language: str = "zh-hans"
    optional: bool = True


@router.get("/messages", response=list[OwnMessageOut], summary="我的通知 My messages")
def own_messages(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest 200."""
    _holder, person, _by = who(request)
    language = get_language() or "zh-hans"
    rows = []
    for one in Message.objects.for_holder(person)[:MOST]:
        title, text = told_to(one, language)
        rows.append(
            {
                "id": one.pk,
                "kind": one.kind,
                "number": one.number,
                "title": title,
                "text": text,
                "at": one.created_at,
                "read_at": one.read_at,
            }
        )
    return rows


@router.post("/messages/read", response=Done, summary="都看过了 All read")
def own_messages_read(request: HttpRequest) -> Done:
    _holder, person, by = who(request)
    mark_read(person, by=by)
    return Done()


@router.get("/way", response=OwnWay, summary="怎么通知我 My way")
def own_way(request: HttpRequest) -> dict[str, Any]:
    """The last choice; without one, what is usual."""
    _holder, person, _by = who(request)
    kept = choice_of(person)
    if kept is None:
        return {}
    return {
        "channel": kept.channel,
        "email": kept.email or "",
        "language": kept.language,
        "optional": kept.optional,
    }


@router.put("/way", response=OwnWay, summary="选择通知方式 Choose my way")
def own_choose_way(request: HttpRequest, body: OwnWay) -> OwnWay:
    _holder, person, by = who(request)
    choose_way(person, **body.dict(), by=by)
    return body
