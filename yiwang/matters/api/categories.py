"""The ten categories by the names of today, and the names before."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.models import Category

router = Router()


class CategoryNameOut(Schema):
    """What it was called until a day."""

    name: str
    name_en: str
    until: date
    reason: str


class CategoryOut(Schema):
    """One of the ten, with the word of the plan."""

    code: str
    name: str
    name_en: str
    plan_name: str
    confidential: bool
    names: list[CategoryNameOut]


class CategoryIn(Schema):
    """Another name from today on."""

    name: str = Field(max_length=40)
    name_en: str = Field(max_length=80)
    reason: str = Field(max_length=200)


@router.get("/categories", response=list[CategoryOut], auth=None, summary="服务类别 Categories")
def service_categories(request: HttpRequest) -> QuerySet[Category]:
    return Category.objects.prefetch_related("names")


@router.put("/categories/{code}", response=CategoryOut, summary="类别改名 Rename")
@allowed("matters.catalogue")
def rename_service_category(request: StaffRequest, code: str, body: CategoryIn) -> Category:
    """From today on; the name before stays in the history."""
    found = get_object_or_404(Category, pk=code)
    city = Division.objects.get(pk=settings.CITY)
    return actions.rename_category(city, category=found, **body.dict(), by=request.actor)
