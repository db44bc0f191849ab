"""Every app in settings.APPS that has a urls room is on the map; staff pages lie under /desk/."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from .api import api
from .health import health

# Portal and console stand at the roots: the residents' home page and the staff's workbench.
# Queues and orders have pages of both kinds and name both prefixes themselves.
ROOTS = {"portal": "", "console": "desk/", "core": "site/", "queues": "", "orders": ""}

# The API answers 401 by itself; a redirect to a log-in page is no answer to a program.
api_patterns = api.urls
for pattern in api_patterns[0]:
    setattr(pattern.callback, "login_required", False)  # noqa: B010

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("api/v1/", api_patterns),
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
