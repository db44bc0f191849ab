"""Addresses of the outbox, the letters and the words, under /desk/notifications/."""

from django.urls import path

from .views import letters, outbox, words

app_name = "notifications"

urlpatterns = [
    path("", outbox.index, name="list"),
    path("export/", outbox.export, name="export"),
    path("letters/", letters.letters, name="letters"),
    path("letters/print/", letters.sheets, name="print"),
    path("letters/done/", letters.done, name="printed"),
    path("words/", words.index, name="words"),
    path("words/<slug:kind>/<slug:channel>/", words.edit, name="wording"),
    path("<int:pk>/", outbox.detail, name="detail"),
    path("<int:pk>/again/", outbox.again, name="again"),
    path("<int:pk>/letter/", outbox.by_letter, name="by-letter"),
]
