"""Addresses of quality, under /desk/quality/."""

from django.urls import path

from .views import board, checks, discussions, findings, promises, standards

app_name = "quality"

urlpatterns = [
    path("", board.board, name="board"),
    path("export/", board.export, name="board-export"),
    path("standards/", standards.standards, name="standards"),
    path("standards/<slug:code>/", standards.standard, name="standard"),
    path("samples/", checks.samples, name="samples"),
    path("samples/<int:pk>/", checks.sample, name="sample"),
    path("checks/", checks.checks, name="checks"),
    path("checks/export/", checks.export, name="checks-export"),
    path("checks/new/", checks.plan, name="plan"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("findings/", findings.findings, name="findings"),
    path("findings/export/", findings.export, name="findings-export"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/recheck/", findings.recheck, name="recheck"),
    path("findings/<int:pk>/proof/", findings.proof, name="proof"),
    path("discussions/", discussions.discussions, name="discussions"),
    path("discussions/export/", discussions.export, name="discussions-export"),
    path("discussions/<int:pk>/", discussions.discussion, name="discussion"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:pk>/end/", promises.end, name="promise-end"),
]
