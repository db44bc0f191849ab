"""Addresses of individual assessments, under /desk/assessments/."""

from django.urls import path

from .views import assess, lists, scales

app_name = "assessments"

urlpatterns = [
    path("", lists.assessments, name="list"),
    path("export/", lists.export, name="export"),
    path("new/", lists.new, name="new"),
    path("residents/<int:pk>/", lists.of_resident, name="of-resident"),
    path("scales/", scales.scales, name="scales"),
    path("scales/<int:pk>/", scales.scale, name="scale"),
    path("scales/<int:pk>/publish/", scales.publish, name="publish"),
    path("<int:pk>/", assess.detail, name="detail"),
    path("<int:pk>/score/", assess.score, name="score"),
    path("<int:pk>/save/", assess.autosave, name="save"),
    path("<int:pk>/confirm/", assess.confirm, name="confirm"),
    path("<int:pk>/return/", assess.send_back, name="return"),
    path("<int:pk>/withdraw/", assess.withdraw, name="withdraw"),
    path("<int:pk>/objection/", assess.objection, name="object"),
    path("<int:pk>/reveal/", assess.reveal, name="reveal"),
]
