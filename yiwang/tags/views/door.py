"""What the pages of the tags share: whose record, which kind, which places may be chosen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from yiwang.accounts.http import StaffRequest
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.tags.models import Tag, TagKind


def visible_kind(request: StaffRequest, pk: int) -> TagKind:
    """The kind if the reader may know of it; else 404."""
    return get_object_or_404(TagKind.objects.visible_to(request.actor), pk=pk)


def visible_resident(request: StaffRequest, pk: int) -> Resident:
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "dwelling"), pk=pk)


def visible_tag(request: StaffRequest, pk: int) -> Tag:
    tags = Tag.objects.visible_to(request.actor)
    return get_object_or_404(tags.select_related("kind", "resident__division"), pk=pk)


def place_asked(request: StaffRequest) -> int:
    """The division of the address if the reader sees it, else the reader's own."""
    asked = request.GET.get("place", "")
    own = request.actor.division_id
    return int(asked) if asked.isdecimal() and request.actor.see.holds(int(asked)) else own


def places_below(request: StaffRequest) -> list[tuple[str, str]]:
    """The place asked for, the one above it, and the places one level below, as choices."""
    here, own = place_asked(request), request.actor.division_id
    below = Division.objects.filter(parent_id=here).current().served()
    choices = [("", _("全部")), *((str(one.pk), one.label) for one in below)]
    if here != own:
        found = Division.objects.filter(pk=here).first()
        if found is not None:
            choices.insert(1, (str(here), found.label))
    return choices


def workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
