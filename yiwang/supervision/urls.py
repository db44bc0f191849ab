"""Addresses of supervision, under /desk/supervision/."""

from django.urls import path

from .views import circulars, late, orders

app_name = "supervision"

urlpatterns = [
    path("", late.late, name="late"),
    path("export/", late.export, name="export"),
    path("steps/<int:pk>/order/", orders.issue, name="issue"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", orders.export, name="orders-export"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/return/", orders.send_back, name="order-return"),
    path("orders/<int:pk>/close/", orders.close, name="order-close"),
    path("circulars/", circulars.circulars, name="circulars"),
    path("circulars/<int:pk>/", circulars.circular, name="circular"),
    path("circulars/<int:pk>/export/", circulars.export, name="circular-export"),
    path("circulars/<int:pk>/publish/", circulars.publish, name="circular-publish"),
    path("circulars/<int:pk>/discard/", circulars.discard, name="circular-discard"),
]
