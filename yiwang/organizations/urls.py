"""Addresses of the register of organisations, under /desk/organizations/."""

from django.urls import path

from .views import file, life, merging, providers, register, sharing, workbooks

app_name = "organizations"

urlpatterns = [
    path("", register.index, name="list"),
    path("new/", register.new, name="new"),
    path("export/", register.export, name="export"),
    path("import/", workbooks.load, name="import"),
    path("import/template/", workbooks.blank, name="template"),
    path("imports/<int:pk>/undo/", workbooks.undo, name="import-undo"),
    path("merges/", merging.merges, name="merges"),
    path("merges/<int:pk>/", merging.merge, name="merge"),
    path("merges/<int:pk>/undo/", merging.undo, name="merge-undo"),
    path("resources/<int:pk>/", sharing.edit, name="resource"),
    path("resources/<int:pk>/<slug:what>/", sharing.turn, name="resource-turn"),
    path("papers/<int:pk>/scan/", providers.scan, name="paper-scan"),
    path("papers/<int:pk>/remove/", providers.remove, name="paper-remove"),
    path("<int:pk>/", file.detail, name="detail"),
    path("<int:pk>/edit/", register.edit, name="edit"),
    path("<int:pk>/review/", file.review, name="review"),
    path("<int:pk>/reveal/", file.reveal, name="reveal"),
    path("<int:pk>/records/", file.records, name="records"),
    path("<int:pk>/records/undo/", file.undo, name="undo"),
    path("<int:pk>/fields/<slug:field>/", file.item, name="field"),
    path("<int:pk>/state/", life.state, name="state"),
    path("<int:pk>/relocate/", life.move, name="relocate"),
    path("<int:pk>/resources/", sharing.new, name="share"),
    path("<int:pk>/cooperations/", sharing.cooperation, name="cooperation"),
    path("<int:pk>/provider/", providers.offer, name="provider"),
    path("<int:pk>/papers/", providers.paper, name="paper"),
    path("<int:pk>/decide/<slug:what>/", providers.decide, name="decide"),
    path("<int:pk>/merge/", merging.new, name="merge-new"),
]
