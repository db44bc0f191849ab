"""May they, and why: the permission page and the matrix of rights (DIV-13, EXP-09)."""

from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post, User
from yiwang.accounts.reads import explain, matrix, people_matching
from yiwang.accounts.roles import EVERY_RIGHT, GRANTS, Role
from yiwang.accounts.sheets import write_matrix
from yiwang.core.acts import record_line
from yiwang.core.rules.chinese import clean_text
from yiwang.core.rules.rights import name_of
from yiwang.divisions.models import Division

from .people import workbook

SHOWN = 12


@allowed("accounts.explain")
def why(request: StaffRequest) -> HttpResponse:
    """Choose a post, a right and a division or record; the verdict in one sentence with reasons."""
    asked = request.GET
    today = timezone.localdate()
    posts = Post.objects.visible_to(request.actor).select_related("user", "unit", "division")
    post = posts.filter(pk=asked["post"]).first() if asked.get("post", "").isdigit() else None
    right = asked.get("right", "") if asked.get("right") in EVERY_RIGHT else ""
    subject, fault = _subject(request)
    context: dict[str, Any] = {
        "post": post, "right": right, "right_name": name_of(right), "subject": subject,
        "fault": fault, "posts": _posts(request), "places": _places(request),
        "rights": [(code, name_of(code)) for code in sorted(EVERY_RIGHT)],
        "models": _models(),
    }  # fmt: skip
    if post is not None and right and subject is not None:
        context["answer"] = explain(post, right, subject, on=today)
        context["held"] = post.is_held(today)
        context["grant"] = GRANTS[Role(post.role)]
    return render(request, "accounts/why.html", context)


def _posts(request: StaffRequest) -> list[Post]:
    typed = clean_text(request.GET.get("person_q", ""))[:60]
    if not typed:
        return []
    people = people_matching(User.objects.visible_to(request.actor), typed)
    held = Post.objects.visible_to(request.actor).held_on(timezone.localdate())
    return list(held.filter(user__in=people).select_related("user", "unit", "division")[:SHOWN])


def _places(request: StaffRequest) -> list[Division]:
    typed = clean_text(request.GET.get("place_q", ""))[:60]
    flat = typed.replace(" ", "").lower()
    if not flat:
        return []
    fits = Q(name__contains=typed) | Q(pinyin__startswith=flat) | Q(initials__startswith=flat)
    places = Division.objects.visible_to(request.actor).in_city().current().filter(fits)
    return list(places.order_by("level", "key")[:SHOWN])


def _models() -> list[tuple[str, str]]:
    """The kinds of records rights are asked about: those that lie in a division and are scoped."""
    return [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in apps.get_models()
        if hasattr(model, "division_id") and hasattr(model._default_manager, "visible_to")
    ]


def _subject(request: StaffRequest) -> tuple[Any, str]:
    """The record or division asked about, and what to say when there is none."""
    asked = request.GET
    label, number = asked.get("model", ""), asked.get("number", "").strip()
    if label and number and label in dict(_models()):
        rows = apps.get_model(label)._default_manager.visible_to(request.actor)
        found = rows.filter(pk=number).first() if number.isdigit() else None
        return found, "" if found else _("没有找到这条记录，或不在您的查看范围内。")
    key = asked.get("division", "")
    if key.isdigit():
        return Division.objects.visible_to(request.actor).filter(pk=key).first(), ""
    return None, ""


@allowed("accounts.explain")
def matrix_page(request: StaffRequest) -> HttpResponse:
    """Every right with the roles that hold it; `?format=xlsx` as a workbook."""
    if request.GET.get("format") == "xlsx":
        record_line("accounts.export", request.actor, request.actor, {"what": "matrix"})
        return workbook(_("权限矩阵"), write_matrix(request.actor))
    rows = [
        {"code": right, "name": name_of(right), "cells": [role in held for role in Role]}
        for right, held in matrix()
    ]
    asked = request.GET.get("role")
    role = Role(asked) if asked in Role.values else None
    context = {"rows": rows, "roles": list(Role), "role": role}
    if role:
        context["rights"] = [(code, name_of(code)) for code in sorted(GRANTS[role].rights)]
        context["grant"] = GRANTS[role]
    return render(request, "accounts/matrix.html", context)
