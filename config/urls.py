"""Every app in settings.APPS that has a urls room is on the map; staff pages lie under /desk/."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from .api import api
from .health import health

# Portal and console stand at the roots: the residents' home page and the staff's workbench.
# Queues and orders have pages of both kinds and name both prefixes themselves.
ROOTS = {"portal": "", "console": "desk/", "core": "site/", "queues": "", "orders": ""}


def by_app(patterns: Iterable[Any]) -> list[URLPattern | URLResolver]:
    """Operations behind the name of their app: a request is compared with those alone."""
    whole: list[URLPattern | URLResolver] = []
    apps: dict[str, list[URLPattern | URLResolver]] = {}
    for one in patterns:
        # The API answers 401 by itself; a redirect to a log-in page is no answer to a program.
        one.callback.login_required = False
        first, slash, rest = str(one.pattern).partition("/")
        if slash and first in settings.APPS:
            apps.setdefault(first, []).append(path(rest, one.callback, name=one.name))
        else:
            whole.append(one)
    return [*whole, *(path(f"{app}/", include(inner)) for app, inner in apps.items())]


operations, app_name, namespace = api.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("api/v1/", (by_app(operations), app_name, namespace)),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    # Residents who are signed in: outside /desk/, with a cookie of their own.
    path("my/", include("yiwang.personal.urls.own")),
    path("my/", include("yiwang.matters.urls.own")),
]
urlpatterns += [
    path(ROOTS.get(app, f"desk/{app}/"), include(f"yiwang.{app}.urls"))
    for app in settings.APPS
    if find_spec(f"yiwang.{app}.urls")
]

handler403 = "yiwang.core.views.denied"
