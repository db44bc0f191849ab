"""Forms of the hall and of appointments."""

from .booking import AppointmentsForm, BookForm, CancelForm, PlanForm, WaitsForm
from .hall import DaysForm, OpenForm, TakeForm, WindowForm

__all__ = [
    "AppointmentsForm",
    "BookForm",
    "CancelForm",
    "DaysForm",
    "OpenForm",
    "PlanForm",
    "TakeForm",
    "WaitsForm",
    "WindowForm",
]
