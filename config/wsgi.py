"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Nobody waits for the programs at the first request, and as they stay as long as the process, the
# collector need not go through them again and again.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
# The visitor's address counts for locks and the journal: only a proxy named here may tell it.
if trusted := os.environ.get("TRUSTED_PROXIES"):
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=trusted)
