"""What programs ask a site for: site map, robots.txt, web manifest."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.divisions.models import Division
from yiwang.matters.models import ServiceItem

from .about import TOPICS

# Personal pages and staff pages are for nobody's index.
CLOSED = (
    "/track/",
    "/book/",
    "/verify/",
    "/desk/",
    "/accounts/",
    "/api/",
    "/i18n/",
    "/site/",
    "/choose/",
)
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Which pages may be indexed."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page: services, guides, and the page of each place of the city."""
    found = [escape(request.build_absolute_uri(path)) for path in _paths()]
    entries = "".join(f"<url><loc>{address}</loc></url>\n" for address in found)
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{XMLNS}">\n{entries}</urlset>\n'
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _paths() -> Iterator[str]:
    names = ("home", "services", "near", "about", "dictionary")
    yield from (reverse(f"portal:{name}") for name in names)
    yield from (reverse("portal:about", args=[topic]) for topic in TOPICS)
    codes = ServiceItem.objects.public().values_list("code", flat=True)
    yield from (reverse("portal:guide", args=[code]) for code in codes)
    keys = Division.objects.public().in_city().current().served().values_list("pk", flat=True)
    yield from (reverse("portal:community", args=[key]) for key in keys)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The site as an entry on the telephone's home screen."""
    body = {
        "name": _("社区综合信息服务网"),
        "short_name": _("一网"),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("portal:home"),
        "scope": "/",
        "display": "browser",
        "theme_color": "#15366e",
        "background_color": "#f1f4f8",
        "icons": [{"src": static("yiwang/img/logo.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(
        body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
