"""Addresses of accounts, under /desk/accounts/."""

from django.urls import path

from .views import board, me, people, posts, start, tokens, units, vacancies, why

app_name = "accounts"

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/export/", people.people_export, name="people-export"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/reveal/", people.reveal, name="person-reveal"),
    path("people/<int:pk>/reset/", people.person_reset, name="person-reset"),
    path("people/<int:pk>/unlock/", people.person_unlock, name="person-unlock"),
    path("people/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path("posts/<int:pk>/end/", posts.post_end, name="post-end"),
    path("posts/<int:pk>/cover/", posts.post_cover, name="post-cover"),
    path("posts/<int:pk>/delegate/", me.delegate, name="delegate"),
    path("posts/<int:pk>/token/", tokens.token_new, name="token-new"),
    path("delegations/<int:pk>/end/", posts.delegation_end, name="delegation-end"),
    path("switch/", posts.switch, name="switch"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit-edit"),
    path("units/<int:pk>/close/", units.unit_close, name="unit-close"),
    path("units/<int:pk>/hours/", units.unit_hours, name="unit-hours"),
    path("vacancies/", vacancies.vacancies, name="vacancies"),
    path("vacancies/export/", vacancies.vacancies_export, name="vacancies-export"),
    path("board/", board.board, name="board"),
    path("board/export/", board.board_export, name="board-export"),
    path("board/new/", board.officer_new, name="officer-new"),
    path("board/<int:pk>/", board.officer_edit, name="officer-edit"),
    path("board/<int:pk>/leave/", board.officer_leave, name="officer-leave"),
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="profile"),
    path("why/", why.why, name="why"),
    path("matrix/", why.matrix_page, name="matrix"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("first-start/", start.first_start, name="first-start"),
    path("first-start/step/", start.first_start_step, name="first-start-step"),
]
