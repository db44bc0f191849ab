"""Addresses of sharing agreements, under /desk/sharing/."""

from django.urls import path

from .views import agreements, deciding, reading

app_name = "sharing"

urlpatterns = [
    path("", agreements.register, name="list"),
    path("new/", agreements.ask, name="new"),
    path("export/", agreements.export, name="export"),
    path("files/<int:pk>/", reading.download, name="file"),
    path("<int:pk>/", agreements.agreement, name="agreement"),
    path("<int:pk>/renew/", agreements.renew, name="renew"),
    path("<int:pk>/withdraw/", agreements.withdraw, name="withdraw"),
    path("<int:pk>/decide/", deciding.decide, name="decide"),
    path("<int:pk>/refuse/", deciding.refuse, name="refuse"),
    path("<int:pk>/suspend/", deciding.suspend, name="suspend"),
    path("<int:pk>/resume/", deciding.resume, name="resume"),
    path("<int:pk>/end/", deciding.end, name="end"),
    path("<int:pk>/query/", reading.query, name="query"),
    path("<int:pk>/files/", reading.files, name="files"),
]
