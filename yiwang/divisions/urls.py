"""Addresses of the staff pages on divisions."""

from django.urls import path

from .views import changes, classes, detail, exports, review, tree

app_name = "divisions"

urlpatterns = [
    path("", tree.tree, name="tree"),
    path("branch/<int:key>/", tree.branch, name="branch"),
    path("export/<str:what>/", exports.export, name="export"),
    path("changes/", changes.changes, name="changes"),
    path("changes/new/", changes.change_new, name="change-new"),
    path("review/", review.queue, name="review"),
    path("review/<int:pk>/", review.decide, name="review-decide"),
    path("<int:key>/", detail.detail, name="detail"),
    path("<int:key>/classify/", classes.classify, name="classify"),
]
