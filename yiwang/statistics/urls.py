"""Addresses of figures, under /desk/statistics/."""

from django.urls import path

from .views import overview, profile

app_name = "statistics"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("export/", overview.export, name="export"),
    path("people/", overview.people, name="people"),
    path("freeze/", overview.freeze, name="freeze"),
    path("profiles/", profile.profiles, name="profiles"),
    path("profiles/<int:key>/", profile.profile, name="profile"),
]
