"""Addresses of the figures of matters, under /desk/performance/."""

from django.urls import path

from .views import behind, overview

app_name = "performance"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("export/", overview.export, name="export"),
    path("matters/", behind.matters, name="matters"),
    path("matters/export/", behind.export, name="matters-export"),
]
