"""Places: the chooser by county, township and community, and the page of each place (INF-01)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.divisions.rules import Depth, depth_of
from yiwang.organizations.reads import shared_resources
from yiwang.portal.reads.figures import figures_of
from yiwang.portal.reads.guides import offers
from yiwang.portal.reads.places import (
    board_of,
    children_of,
    former_place,
    heirs_of,
    offices_of,
    place_of,
    trail_of,
)
from yiwang.portal.reads.search import cleaned, search

from .frame import COOKIE, COOKIE_AGE, chosen, page, public_page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Walk down the tree or search; choosing keeps the community in a cookie."""
    if request.method == "POST":
        return _keep(request)
    text = cleaned(request.GET.get("q", ""))
    above = place_of(request.GET.get("in")) or place_of(settings.CITY)
    if above is None:
        raise Http404
    return page(
        request,
        "choose",
        "place",
        q=text,
        found=search(text).places if text else [],
        above=above,
        trail=trail_of(above),
        children=children_of(above),
        leaves=depth_of(above.pk) == Depth.TOWNSHIP,
        next=_way_on(request),
    )


def _keep(request: HttpRequest) -> HttpResponse:
    """Remember the community; `key` empty forgets it."""
    place = place_of(request.POST.get("key"))
    response = HttpResponseRedirect(_way_on(request) or reverse("portal:home"))
    if place is None:
        response.delete_cookie(COOKIE)
        return response
    response.set_cookie(
        COOKIE,
        str(place.pk),
        max_age=COOKIE_AGE,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response


def _way_on(request: HttpRequest) -> str:
    """Where the visitor came from, when it is ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else ""


@public_page
def here(request: HttpRequest) -> HttpResponse:
    """The page of the chosen community, or the chooser while none is chosen."""
    place = chosen(request)
    if place is None:
        return redirect("portal:choose")
    return redirect("portal:community", key=place.pk)


@public_page
def community(request: HttpRequest, key: int) -> HttpResponse:
    """A place of any level: units with telephones, what it offers, figures, what lies in it."""
    shown = place_of(key)
    if shown is None:
        return _gone(request, key)
    kept = chosen(request)
    return page(
        request,
        "community",
        "place",
        place=shown,
        shown=shown,
        is_chosen=kept is not None and kept.pk == shown.pk,
        trail=trail_of(shown),
        children=children_of(shown),
        is_leaf=depth_of(shown.pk) == Depth.COMMUNITY,
        offices=offices_of(shown),
        board=board_of(shown),
        offers=offers(shown),
        figures=figures_of(shown),
        shared=shared_resources(shown.pk) if depth_of(shown.pk) == Depth.COMMUNITY else [],
    )


def _gone(request: HttpRequest, key: int) -> HttpResponse:
    """A place that was abolished keeps its address and names what took its place (410)."""
    former = former_place(key)
    if former is None:
        raise Http404(_("没有这个社区。"))
    return page(request, "gone", "place", status=410, former=former, heirs=heirs_of(former))
