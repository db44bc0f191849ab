"""The service catalogue: public to read, published by those who own it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.models import ServiceItem, ServiceVersion
from yiwang.matters.reads import planned, search_items, variants_for
from yiwang.residents.models import Resident

from .schemas import GuideOut, VariantOut

router = Router()


class ItemOut(Schema):
    code: str
    category: str = Field(alias="category_id")
    title: str
    title_en: str
    common: bool


class PublishIn(Schema):
    category: str
    effective_from: date
    content: dict[str, Any]


class RetireIn(Schema):
    on: date


class OfferingIn(Schema):
    division: int
    offered: bool
    reason: str = Field("", max_length=200)


class OfferingOut(Schema):
    division: int = Field(alias="division_id")
    offered: bool


@router.get("/", response=list[ItemOut], auth=None, summary="办事目录 Catalogue")
def items(request: HttpRequest, q: str = "", category: str = "") -> list[ServiceItem]:
    if q:
        return search_items(q)
    rows = ServiceItem.objects.public()
    return list(rows.filter(category_id=category) if category else rows)


@router.get("/{code}", response=GuideOut, auth=None, summary="办事指南 Service guide")
def guide(request: HttpRequest, code: str, on: date | None = None) -> dict[str, Any]:
    """The guide in force on a day (today when none is named)."""
    found = planned(code, on)
    said = found.guide
    return {
        "code": code,
        "category": found.item.category_id,
        "title": said.title,
        "summary": said.summary,
        "audience": said.audience,
        "version": found.version.number,
        "effective_from": found.version.effective_from,
        "content": found.version.content,
    }


@router.get("/{code}/variants", response=list[VariantOut], summary="可选档次 Variants for a person")
@allowed("matters.accept")
def variants(request: StaffRequest, code: str, resident: int) -> list[dict[str, Any]]:
    """Every variant of an item; those that the grade in force of the resident opens may be given."""
    people = Resident.objects.searchable_by(request.actor)
    person = get_object_or_404(people, pk=resident)
    guide = planned(code).guide
    codes = variants_for(guide, person, timezone.localdate()).codes
    return [
        {"code": one.code, "name": one.name, "allowed": one.code in codes} for one in guide.variants
    ]


@router.post("/{code}/versions", response={201: GuideOut}, summary="发布版本 Publish a version")
@allowed("matters.catalogue")
def publish(request: StaffRequest, code: str, body: PublishIn) -> tuple[int, dict[str, Any]]:
    version: ServiceVersion = actions.publish_version(
        Division(pk=settings.CITY),
        code=code,
        category=body.category,
        content=body.content,
        effective_from=body.effective_from,
        by=request.actor,
    )
    said = version.guide
    return 201, {
        "code": code,
        "category": body.category,
        "title": said.title,
        "summary": said.summary,
        "audience": said.audience,
        "version": version.number,
        "effective_from": version.effective_from,
        "content": version.content,
    }


@router.post("/{code}/retire", response=ItemOut, summary="停用 Retire")
@allowed("matters.catalogue")
def retire(request: StaffRequest, code: str, body: RetireIn) -> ServiceItem:
    item = get_object_or_404(ServiceItem.objects.visible_to(request.actor), code=code)
    return actions.retire_item(item, on=body.on, by=request.actor)


@router.post("/{code}/offerings", response=OfferingOut, summary="提供范围 Offering")
@allowed("matters.catalogue")
def offering(request: StaffRequest, code: str, body: OfferingIn) -> Any:
    item = get_object_or_404(ServiceItem.objects.visible_to(request.actor), code=code)
    division = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    return actions.set_offering(
        division, item=item, offered=body.offered, reason=body.reason, by=request.actor
    )
