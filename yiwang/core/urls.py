"""Addresses of the page furniture."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from yiwang.core import views
from yiwang.core.views import health, journal, law, scans, tasks

app_name = "core"

urlpatterns = [
    path("display/", views.display_settings, name="display"),
    path("language/", login_not_required(set_language), name="language"),
    path("health/", health.health, name="health"),
    path("journal/", journal.journal, name="journal"),
    path("journal/export/", journal.journal_export, name="journal-export"),
    path("journal/verify/", journal.journal_verify, name="journal-verify"),
    path("scans/", scans.scans, name="scans"),
    path("scans/export/", scans.export, name="scans-export"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/run/", tasks.run, name="task-run"),
    path("parameters/", law.parameters, name="parameters"),
    path("parameters/<str:rule_id>/", law.parameter_detail, name="parameter"),
    path("calendar/", law.calendar_page, name="calendar"),
    path("calendar/day/", law.calendar_set, name="calendar-set"),
    path("calendar/file/", law.calendar_upload, name="calendar-upload"),
]
