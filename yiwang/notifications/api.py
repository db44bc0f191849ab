"""The outbox, the letters and the words for other systems: the same acts and reads as the pages."""

from datetime import datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.notifications import actions
from yiwang.notifications.models import Delivery, Wording
from yiwang.notifications.reads import (
    Words,
    figures_of,
    letter_of,
    may_be_written,
    sample_of,
    shown_words,
    words_in_force,
)
from yiwang.notifications.rules.kinds import Channel, Kind

router = Router(tags=["通知"])
Limit = Annotated[int, Field(ge=1, le=100)]


class SendingOut(Schema):
    """One way of one message, masked."""

    id: int
    division: int = Field(alias="division_id")
    resident: int | None = Field(alias="message.resident_id")
    kind: str = Field(alias="message.kind")
    reference: str = Field(alias="message.reference")
    channel: str
    state: str
    to: str = Field(alias="shown_to")
    attempts: int
    problem: str
    next_at: datetime | None
    done_at: datetime | None
    version: int


class SendingDetail(SendingOut):
    """With its words as they went out."""

    title: str
    text: str

    @staticmethod
    def resolve_title(one: Delivery) -> str:
        return shown_words(one)[0]

    @staticmethod
    def resolve_text(one: Delivery) -> str:
        return shown_words(one)[1]


class OutboxOut(Schema):
    """Some sendings, and the cursor of the next page."""

    deliveries: list[SendingOut]
    next: str | None


class WayFiguresOut(Schema):
    """Sendings of one way."""

    channel: str
    total: int
    sent: int
    waiting: int
    dead: int
    withheld: int


class LetterOut(Schema):
    """A letter with name and address; reading it is on record."""

    name: str
    address: str
    title: str
    text: str


class WordsOut(Schema):
    """The words of a kind and way in both languages; version 0 is built in."""

    version: int
    title: str
    title_en: str
    text: str
    text_en: str


class WordsIn(Schema):
    """New words; blanks in braces."""

    text: str = Field(max_length=1000)
    text_en: str = Field(max_length=1500)
    title: str = Field("", max_length=80)
    title_en: str = Field("", max_length=120)


class FilledOut(Schema):
    """Words with invented facts."""

    title: str
    text: str
    title_en: str
    text_en: str


@router.get("/", response=OutboxOut, summary="发件箱 Outbox")
@allowed("notifications.view")
def outbox(
    request: StaffRequest,
    state: str = "",
    channel: str = "",
    kind: str = "",
    reference: str = "",
    before: int = 0,
    limit: Limit = 25,
) -> dict[str, Any]:
    """Newest first; `state=dead` gives what somebody has to look at; `before` the next page."""
    rows = Delivery.objects.visible_to(request.actor).select_related("message")
    rows = rows.dead() if state == "dead" else rows
    exact = {
        "state": state if state != "dead" else "",
        "channel": channel,
        "message__kind": kind,
        "message__reference": reference,
        "pk__lt": before,
    }
    found = rows.filter(**{name: value for name, value in exact.items() if value})
    page = list(found.order_by("-pk")[: limit + 1])
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"deliveries": page[:limit], "next": more}


@router.get("/figures", response=list[WayFiguresOut], summary="各方式数量 Figures")
@allowed("notifications.view")
def way_figures(request: StaffRequest) -> Any:
    return figures_of(Delivery.objects.visible_to(request.actor))


@router.get("/words/{kind}/{channel}", response=WordsOut, summary="通知文本 Words")
@allowed("notifications.wording")
def wording(request: StaffRequest, kind: str, channel: str) -> Words:
    _known(kind, channel)
    return words_in_force(kind, channel)


@router.post("/words/{kind}/{channel}", response={201: WordsOut}, summary="发布新版 Publish")
@allowed("notifications.wording")
def publish_words(request: StaffRequest, kind: str, channel: str, body: WordsIn) -> Status[Wording]:
    named = Wording(kind=kind, channel=channel)
    return Status(201, actions.publish_wording(named, **body.dict(), by=request.actor))


@router.post("/words/{kind}/{channel}/preview", response=FilledOut, summary="预览 Preview")
@allowed("notifications.wording")
def preview_words(request: StaffRequest, kind: str, channel: str, body: WordsIn) -> FilledOut:
    """The words with invented facts; nothing is kept."""
    _known(kind, channel)
    said = Words(0, **body.dict())
    title, text = said.filled(sample_of("zh-hans"), "zh-hans")
    title_en, text_en = said.filled(sample_of("en"), "en")
    return FilledOut(title=title, text=text, title_en=title_en, text_en=text_en)


def _known(kind: str, channel: str) -> None:
    if kind not in Kind.values or channel not in Channel.values:
        raise Refused("no_such_words", _("没有这种通知。"))


@router.get("/{pk}", response=SendingDetail, summary="一条通知 One sending")
@allowed("notifications.view")
def sending(request: StaffRequest, pk: int) -> Delivery:
    return _visible(request, pk)


@router.post("/{pk}/again", response=SendingOut, summary="再发一次 Send again")
@allowed("notifications.send")
def sent_again(request: StaffRequest, pk: int) -> Delivery:
    """Only what failed or is unsure; under a new key."""
    return actions.send_again(_visible(request, pk), by=request.actor)


@router.post("/{pk}/letter", response={201: SendingOut}, summary="改为寄信 Print instead")
@allowed("notifications.send")
def by_letter(request: StaffRequest, pk: int) -> Status[Delivery]:
    return Status(201, actions.print_instead(_visible(request, pk), by=request.actor))


@router.post("/{pk}/open", response=LetterOut, summary="打开信件 Open a letter")
@allowed("notifications.print")
def open_letter(request: StaffRequest, pk: int) -> Any:
    """With name and address; goes on record."""
    one = _visible(request, pk)
    if one.channel != Channel.PRINT:
        raise Refused("no_letter", _("这不是信件。"))
    if why := may_be_written(one.message.resident):
        raise Refused("forbidden", why)
    facts = {"resident": one.message.resident_id, "reference": one.message.reference}
    record_line("notifications.print", one, request.actor, facts)
    return letter_of(one)


@router.post("/{pk}/printed", response=SendingOut, summary="信已寄出 Letter sent")
@allowed("notifications.print")
def printed(request: StaffRequest, pk: int) -> Delivery:
    return actions.mark_printed(_visible(request, pk), by=request.actor)


def _visible(request: StaffRequest, pk: int) -> Delivery:
    rows = Delivery.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("message__resident__dwelling"), pk=pk)
