"""Addresses of residents who apply online, under /my/."""

from django.urls import path

from yiwang.matters.public import applications

app_name = "apply"
urlpatterns = [
    path("apply/<slug:code>/", applications.begin, name="begin"),
    path("applications/", applications.mine, name="mine"),
    path("applications/drafts/<int:pk>/", applications.fill, name="fill"),
    path("applications/drafts/<int:pk>/save/", applications.save, name="save"),
    path("applications/drafts/<int:pk>/papers/", applications.papers, name="papers"),
    path("applications/drafts/<int:pk>/discard/", applications.discard, name="discard"),
    path("applications/<slug:number>/", applications.receipt, name="receipt"),
    path("applications/<slug:number>/withdraw/", applications.withdraw, name="withdraw"),
]
