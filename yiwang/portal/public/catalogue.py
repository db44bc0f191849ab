"""The catalogue by category and audience, and the guide of one service (SVC-02)."""

from itertools import groupby

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_digits
from yiwang.divisions.models import Division
from yiwang.matters.models import Bundle, ServiceVersion
from yiwang.matters.reads.bundle import bundled
from yiwang.portal.reads.guides import (
    categories,
    entries,
    guide_version,
    item_of,
    not_offered,
    path_of,
)
from yiwang.portal.reads.places import contact_of, offices_of
from yiwang.portal.rules.audiences import AUDIENCES, audience
from yiwang.portal.rules.words import CHANNELS, MATERIALS, span
from yiwang.quality.reads.promises import standard_of

from .frame import chosen, page, public_page


def qr(text: str) -> SafeString:
    """A QR code as inline SVG without styles; the text is an address of ours."""
    drawn = segno.make(text, error="m").svg_inline(border=2, omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - segno draws paths, the text is not in them


@public_page
def services(request: HttpRequest) -> HttpResponse:
    """The ten categories, filtered by one of them and by whom a service is for."""
    kinds = categories()
    category = next((one for one, _count in kinds if one.pk == request.GET.get("category")), None)
    meant = audience(request.GET.get("for", ""))
    today = timezone.localdate()
    found = entries(category.pk if category else "", meant)
    grouped = [(one, list(rows)) for one, rows in groupby(found, key=lambda e: e.item.category)]
    return page(
        request,
        "services",
        "services",
        categories=kinds,
        category=category,
        audiences=AUDIENCES,
        meant=meant,
        grouped=grouped,
        total=len(found),
        bundles=[] if category or meant else list(Bundle.objects.public().in_force(today)),
    )


@public_page
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Items that are handed in together: what is asked once, and the guide of each."""
    found = Bundle.objects.public().filter(code=code).first()
    try:
        plan = bundled(found) if found else None
    except Refused:
        plan = None
    if found is None or plan is None:
        raise Http404(_("没有这个“一件事”。"))
    return page(
        request,
        "bundle",
        "services",
        bundle=found,
        parts=[part.item for part in plan.parts],
        materials=plan.guide.materials,
        fields=len(plan.guide.fields),
        alone=sum(len(part.guide.fields) for part in plan.parts),
        always=set(found.always),
    )


@public_page
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The full guide of a service; `?version=` shows an older one, marked as such."""
    item = item_of(code)
    if item is None:
        raise Http404(_("没有这个服务事项。"))
    today = timezone.localdate()
    number = clean_digits(request.GET.get("version", ""))[:6]
    version = guide_version(item, int(number) if number else None, today)
    if version is None:
        raise Http404(_("没有这个版本。"))
    place = chosen(request)
    content = version.guide
    address = request.build_absolute_uri(item.get_absolute_url())
    return page(
        request,
        "guide",
        "services",
        place=place,
        item=item,
        version=version,
        guide=content,
        title=content.title,
        online=_is_online(version, place) and not item.retired_on,
        in_force=item.version_on(today) == version and not item.retired_on,
        versions=list(item.versions.order_by("-number")),
        promised=span(content.promised.amount, content.promised.unit),
        statutory=_statutory(version.content),
        materials=[(one, MATERIALS.get(one.kind, "")) for one in content.materials],
        channels=[CHANNELS[one] for one in content.channels if one in CHANNELS],
        stages=path_of(version, place),
        contact=contact_of(place),
        offices=offices_of(place)[:2] if place else [],
        is_offered=place is None or item.pk not in not_offered(place),
        address=address,
        qr=qr(address),
        standard=standard_of(item.pk),
    )


def _is_online(version: ServiceVersion, place: Division | None) -> bool:
    """Whether one may apply from home: open for it, and offered in the community chosen."""
    offered = place is None or version.item_id not in not_offered(place)
    return "web" in version.guide.channels and offered


def _statutory(content: dict[str, dict[str, str]]) -> dict[str, str] | None:
    """The statutory limit in words, and how sure it is."""
    raw = content.get("statutory")
    if not raw:
        return None
    words = span(int(raw["amount"]), raw["unit"])
    return {"words": words, "confidence": str(raw.get("confidence", "M"))}
