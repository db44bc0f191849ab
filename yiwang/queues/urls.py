"""Addresses: staff under /desk/queues/, everybody in the hall under /queue/."""

from django.urls import path

from .public import screen, touch
from .views import booking, days, figures, waits, windows

app_name = "queues"

urlpatterns = [
    path("desk/queues/", days.index, name="list"),
    path("desk/queues/export/", figures.export, name="export"),
    path("desk/queues/open/", days.open_hall, name="open"),
    path("desk/queues/waits/", waits.waits, name="waits"),
    path("desk/queues/waits/export/", waits.export, name="waits-export"),
    path("desk/queues/plans/", booking.plans, name="plans"),
    path("desk/queues/plans/<int:unit>/", booking.plan, name="plan"),
    path("desk/queues/appointments/", booking.index, name="appointments"),
    path("desk/queues/appointments/export/", booking.export, name="appointments-export"),
    path("desk/queues/appointments/new/", booking.new, name="appointment-new"),
    path("desk/queues/appointments/<str:number>/", booking.appointment, name="appointment"),
    path("desk/queues/appointments/<str:number>/move/", booking.move, name="appointment-move"),
    path(
        "desk/queues/appointments/<str:number>/cancel/", booking.cancel, name="appointment-cancel"
    ),
    path(
        "desk/queues/appointments/<str:number>/arrive/", booking.arrive, name="appointment-arrive"
    ),
    path(
        "desk/queues/appointments/<str:number>/calendar.ics",
        booking.calendar,
        name="appointment-ics",
    ),
    path("desk/queues/<int:pk>/", days.day, name="day"),
    path("desk/queues/<int:pk>/take/", days.take, name="take"),
    path("desk/queues/<int:pk>/close/", days.close, name="close"),
    path("desk/queues/windows/<int:pk>/", windows.window, name="window"),
    path("desk/queues/windows/<int:pk>/open/", windows.sit_down, name="window-open"),
    path("desk/queues/windows/<int:pk>/close/", windows.leave, name="window-close"),
    path("desk/queues/windows/<int:pk>/call/", windows.call, name="window-call"),
    path("desk/queues/tickets/<int:pk>/<slug:what>/", windows.handle, name="handle"),
    path("queue/<int:unit>/", screen.screen, name="screen"),
    path("queue/<int:unit>/number/<str:number>/", screen.ticket, name="ticket"),
    path("queue/<int:unit>/take/<str:secret>/", touch.touch, name="touch"),
]
