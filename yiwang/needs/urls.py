"""Addresses of needs, surveys and assessments, under /desk/needs/."""

from django.urls import path

from .views import answers, assessments, needs, surveys

app_name = "needs"

urlpatterns = [
    path("", needs.needs, name="list"),
    path("new/", needs.new, name="new"),
    path("unmet/", needs.unmet, name="unmet"),
    path("export/", needs.export, name="export"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new, name="survey-new"),
    path("surveys/<int:pk>/", surveys.detail, name="survey"),
    path("surveys/<int:pk>/edit/", surveys.edit, name="survey-edit"),
    path("surveys/<int:pk>/open/", surveys.begin, name="survey-open"),
    path("surveys/<int:pk>/close/", surveys.close, name="survey-close"),
    path("surveys/<int:pk>/answer/", answers.answer, name="answer"),
    path("surveys/<int:pk>/stop/", answers.mark, name="stop"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<int:pk>/", assessments.detail, name="assessment"),
    path("assessments/<int:pk>/again/", assessments.again, name="assessment-again"),
    path("assessments/<int:pk>/comment/", assessments.comment, name="comment"),
    path("assessments/export/", assessments.export, name="assessments-export"),
    path("assessments/<int:pk>/return/", assessments.send_back, name="assessment-return"),
    path("assessments/<int:pk>/submit/", assessments.submit, name="submit"),
    path("assessments/<int:pk>/approve/", assessments.approve, name="approve"),
    path("<int:pk>/", needs.detail, name="detail"),
    path("<int:pk>/move/", needs.move, name="move"),
]
