"""Addresses: staff and organisations under /desk/orders/, residents at /service/."""

from django.urls import path

from .public import answer
from .views import listing, order, workplaces

app_name = "orders"

urlpatterns = [
    path("desk/orders/", listing.orders, name="list"),
    path("desk/orders/export/", listing.export, name="export"),
    path("desk/orders/new/", order.place, name="place"),
    path("desk/orders/workplaces/", workplaces.workplaces, name="workplaces"),
    path("desk/orders/workplaces/<int:pk>/", workplaces.workplace, name="workplace"),
    path("desk/orders/workplaces/<int:pk>/end/<int:post>/", workplaces.end, name="worker-end"),
    path("desk/orders/<int:pk>/", order.order, name="order"),
    path("desk/orders/<int:pk>/reveal/", order.reveal, name="reveal"),
    path("desk/orders/<int:pk>/cancel/", order.call_off, name="cancel"),
    path("desk/orders/<int:pk>/settle/<slug:what>/", order.settle, name="settle"),
    path("desk/orders/<int:pk>/do/<slug:what>/", order.work, name="work"),
    path("desk/orders/<int:pk>/proofs/<int:proof>/", order.proof, name="proof"),
    path("service/", answer.answer, name="answer"),
]
