"""A hall's day with its lines, windows and numbers; and what was booked ahead."""

from .appointment import Appointment, BookingPlan
from .hall import HallDay, Line, Territorial, Ticket, Window

__all__ = ["Appointment", "BookingPlan", "HallDay", "Line", "Territorial", "Ticket", "Window"]
