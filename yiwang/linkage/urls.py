"""Addresses of linkage, under /desk/linkage/."""

from django.urls import path

from .views import files, merges, pairs, runs, tasks

app_name = "linkage"

urlpatterns = [
    path("", pairs.pairs, name="pairs"),
    path("pairs/<int:pk>/", pairs.pair, name="pair"),
    path("pairs/<int:pk>/answer/", pairs.answer, name="answer"),
    path("pairs/<int:pk>/reveal/", pairs.reveal, name="reveal"),
    path("runs/", runs.runs, name="runs"),
    path("model/", runs.model, name="model"),
    path("merges/", merges.merges, name="merges"),
    path("merges/<int:pk>/", merges.merge, name="merge"),
    path("merges/<int:pk>/undo/", merges.undo, name="merge-undo"),
    path("files/", files.files, name="files"),
    path("files/new/", files.upload, name="file-new"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/columns/", files.columns, name="columns"),
    path("files/<int:pk>/keep/", files.keep, name="file-keep"),
    path("files/<int:pk>/undo/", files.undo, name="file-undo"),
    path("files/<int:pk>/receipt/", files.receipt, name="receipt"),
    path("checks/", tasks.checks, name="checks"),
    path("checks/<int:pk>/", tasks.check, name="task"),
    path("rows/<int:pk>/decide/", tasks.decide, name="row-decide"),
]
