"""The catalogue, the matters, their steps, timeline, clocks, results and ratings."""

from .bundle import Bundle, BundleCase
from .catalogue import Category, CategoryName, Offering, ServiceItem, ServiceVersion
from .clock import Correction, Extension, Pause
from .comment import Comment, Mention, SavedView
from .draft import Draft
from .entrustment import Entrustment
from .escalation import Escalation
from .handover import Handover
from .joint import Opinion
from .material import Material
from .matter import Matter
from .outcome import FollowUp, Rating, Result, UnitCounter
from .reopening import CallBack, RatingEscalation, Reopening
from .revision import Revision
from .routing import RoutingRule
from .step import Event, Step

__all__ = [
    "Bundle",
    "BundleCase",
    "CallBack",
    "Category",
    "CategoryName",
    "Comment",
    "Correction",
    "Draft",
    "Entrustment",
    "Escalation",
    "Event",
    "Extension",
    "FollowUp",
    "Handover",
    "Material",
    "Matter",
    "Mention",
    "Offering",
    "Opinion",
    "Pause",
    "Rating",
    "RatingEscalation",
    "Reopening",
    "Result",
    "Revision",
    "RoutingRule",
    "SavedView",
    "ServiceItem",
    "ServiceVersion",
    "Step",
    "UnitCounter",
]
