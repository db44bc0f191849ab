"""Addresses of the dictionary's staff pages, under /desk/dictionary/; the public ones are the portal's."""

from django.urls import path

from .views import keeping

app_name = "dictionary"

urlpatterns = [
    path("", keeping.tables, name="tables"),
    path("publish/", keeping.publish, name="publish"),
    path("forms/", keeping.check, name="check"),
    path("forms/export/", keeping.export_check, name="export"),
    path("tables/<slug:code>/", keeping.table, name="table"),
    path("tables/<slug:code>/<slug:one>/withdraw/", keeping.withdraw, name="withdraw"),
    path("tables/<slug:code>/<slug:one>/restore/", keeping.restore, name="restore"),
]
