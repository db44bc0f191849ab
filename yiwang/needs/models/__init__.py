"""Needs of people and groups, surveys of households, the yearly assessment of a community."""

from .assessment import Assessment, AssessmentComment, PlanLine
from .need import Channel, Need, NeedEvent, Urgency
from .survey import Survey, SurveyAnswer, SurveyStop, SurveyVersion

__all__ = [
    "Assessment",
    "AssessmentComment",
    "Channel",
    "Need",
    "NeedEvent",
    "PlanLine",
    "Survey",
    "SurveyAnswer",
    "SurveyStop",
    "SurveyVersion",
    "Urgency",
]
