"""Addresses of collection work, under /desk/collection/."""

from django.urls import path

from .views import campaigns, demands, field, lists, returned, tasks

app_name = "collection"

urlpatterns = [
    path("", tasks.tasks, name="tasks"),
    path("waiting/", tasks.waiting, name="waiting"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/assign/", tasks.assign, name="assign"),
    path("tasks/<int:pk>/urge/", tasks.urge, name="urge"),
    path("tasks/<int:pk>/submit/", tasks.submit, name="submit"),
    path("tasks/<int:pk>/check/", tasks.check, name="check"),
    path("tasks/<int:pk>/list/", tasks.walking_list, name="walking-list"),
    path("tasks/<int:pk>/paper/", returned.paper, name="paper"),
    path("items/<int:pk>/", returned.item, name="item"),
    path("items/<int:pk>/settle/", returned.settle, name="settle"),
    path("items/<int:pk>/accept/", returned.accept, name="accept"),
    path("items/<int:pk>/return/", returned.send_back, name="return"),
    path("scans/<int:pk>/", returned.scan, name="scan"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.order, name="order"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/close/", campaigns.close, name="close"),
    path("campaigns/<int:pk>/export/", campaigns.export, name="export"),
    path("due/", lists.due, name="due"),
    path("unreached/", lists.unmet, name="unreached"),
    path("freshness/", lists.freshness, name="freshness"),
    path("demands/", demands.demands, name="demands"),
    path("demands/new/", demands.file, name="file"),
    path("demands/<int:pk>/", demands.demand, name="demand"),
    path("demands/<int:pk>/approve/", demands.approve, name="approve"),
    path("demands/<int:pk>/refuse/", demands.refuse, name="refuse"),
    path("demands/<int:pk>/withdraw/", demands.withdraw, name="withdraw"),
    path("demands/<int:pk>/sheet/", demands.sheet, name="demand-sheet"),
    path("demands/<int:pk>/result/", demands.result, name="result"),
    path("field/", field.shell, name="field"),
    path("field/worker.js", field.service_worker, name="service-worker"),
    path("field/who/", field.who, name="who"),
    path("field/package/", field.package, name="package"),
]
