"""What surrounds every public page: menu, chosen community, whom to ring."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yiwang.divisions.models import Division
from yiwang.portal.reads.places import contact_of, organiser, place_of
from yiwang.portal.rules.words import EMERGENCY, dialable

COOKIE: Final = "yw-community"
COOKIE_AGE: Final = 365 * 24 * 3600  # seconds: chosen once a year
MENU: Final = (
    ("home", _("首页"), "home", "portal:home"),
    ("services", _("办事"), "file-text", "portal:services"),
    ("track", _("查进度"), "clipboard-check", "portal:track"),
    ("place", _("社区"), "building-community", "portal:here"),
    ("about", _("关于"), "info-circle", "portal:about"),
)
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Entry:
    """One entry of the menu at the top and of the bar below."""

    label: Any
    icon: str
    url: str
    current: bool


def public_page(view: View) -> View:
    """A page anybody may look at."""
    return wraps(view)(login_not_required(require_safe(view)))


def chosen(request: HttpRequest) -> Division | None:
    """The community the visitor chose earlier, as long as it exists."""
    return place_of(request.COOKIES.get(COOKIE))


def page(
    request: HttpRequest, template: str, tab: str = "", *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a public page with its surroundings; `place` is the chosen community or None."""
    place = context.pop("place", None) or chosen(request)
    lead = organiser()
    around = {
        "portal_menu": [
            Entry(label, icon, reverse(name), key == tab) for key, label, icon, name in MENU
        ],
        "place": place,
        "contact": contact_of(place),
        "emergency": EMERGENCY,
        "organiser": lead.label if lead else "",
        "complaint_phone": lead.phone if lead else "",
        "complaint_dial": dialable(lead.phone) if lead else "",
    }
    return render(request, f"portal/{template}.html", {**around, **context}, status=status)
