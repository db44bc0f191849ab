"""Addresses of the staff's own pages, under /desk/."""

from django.urls import path

from .views import demonstration, guide, home, notices, search, supervise

app_name = "console"

urlpatterns = [
    path("", home.workbench, name="home"),
    path("search/", search.search, name="search"),
    path("help/", guide.help_page, name="help"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("notices/digest/", notices.digest, name="digest"),
    path("supervise/", supervise.overview, name="supervise"),
    path("supervise/list/", supervise.listing, name="supervise-list"),
    path("supervise/export/", supervise.export, name="supervise-export"),
    path("remove-demo/", demonstration.remove_demo, name="remove-demo"),
]
