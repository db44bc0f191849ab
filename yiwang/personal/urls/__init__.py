"""Addresses of staff about residents' rights, under /desk/personal/."""

from django.urls import path

from yiwang.personal.views import findings, notice, persons, requests, retention

app_name = "personal"

urlpatterns = [
    path("", requests.requests, name="requests"),
    path("export/", requests.export, name="export"),
    path("requests/<int:pk>/", requests.request_page, name="request"),
    path("requests/<int:pk>/decide/", requests.decide, name="decide"),
    path("requests/<int:pk>/answer/", requests.answer, name="answer"),
    path("restrictions/<int:pk>/lift/", requests.lift, name="lift"),
    path("residents/<int:pk>/", persons.person, name="person"),
    path("residents/<int:pk>/code/", persons.code, name="code"),
    path("residents/<int:pk>/ask/", persons.ask, name="ask"),
    path("residents/<int:pk>/agent/", persons.agent, name="agent"),
    path("residents/<int:pk>/agree/", persons.agree, name="agree"),
    path("accounts/<int:pk>/end/", persons.end_account, name="account-end"),
    path("authorisations/<int:pk>/revoke/", persons.revoke, name="revoke"),
    path("consents/<int:pk>/withdraw/", persons.withdraw, name="withdraw"),
    path("retention/", retention.retention, name="retention"),
    path("retention/run/", retention.run, name="retention-run"),
    path("retention/<int:pk>/", retention.rule, name="rule"),
    path("destruction/<int:pk>/", retention.destruction, name="destruction"),
    path("findings/", findings.findings, name="findings"),
    path("findings/run/", findings.run, name="findings-run"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("notice/", notice.notice, name="notice"),
]
