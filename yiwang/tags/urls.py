"""Addresses of the tags, under /desk/tags/."""

from django.urls import path

from .views import kinds, people, person, rolls, visits

app_name = "tags"

urlpatterns = [
    path("", kinds.overview, name="kinds"),
    path("recompute/", kinds.run_rules, name="recompute"),
    path("kinds/new/", kinds.kind_new, name="kind-new"),
    path("kinds/<int:pk>/", people.people, name="people"),
    path("kinds/<int:pk>/edit/", kinds.kind_edit, name="kind-edit"),
    path("kinds/<int:pk>/export/", people.export, name="export"),
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/export/", rolls.rolls_export, name="rolls-export"),
    path("rolls/new/<int:file>/", rolls.roll_new, name="roll-new"),
    path("rolls/<int:pk>/", rolls.roll, name="roll"),
    path("rolls/<int:pk>/undo/", rolls.roll_undo, name="roll-undo"),
    path("visits/", visits.lists, name="visit-lists"),
    path("visits/new/", people.visit, name="visit-new"),
    path("visits/<int:pk>/", visits.detail, name="visit-list"),
    path("visits/<int:pk>/visited/", visits.visited, name="visited"),
    path("visits/<int:pk>/print/", visits.paper, name="visit-paper"),
    path("residents/<int:pk>/", person.detail, name="of-resident"),
    path("residents/<int:pk>/set/", person.set_one, name="set"),
    path("residents/<int:pk>/reveal/", person.reveal, name="reveal"),
    path("residents/<int:pk>/except/", person.except_one, name="except"),
    path("exceptions/<int:pk>/lift/", person.lift, name="lift"),
    path("<int:pk>/confirm/", person.confirm, name="confirm"),
    path("<int:pk>/end/", person.end, name="end"),
]
