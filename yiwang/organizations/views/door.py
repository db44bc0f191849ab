"""What these pages share: which organisation, and how an act answers a form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.organizations.models import Organization


def visible(request: StaffRequest, pk: int) -> Organization:
    """The record if the reader may see it; else 404, which does not say whether it exists."""
    rows = Organization.objects.visible_to(request.actor).kept().select_related("division")
    return get_object_or_404(rows, pk=pk)


def acted(
    request: StaffRequest, form: forms.Form, do: Callable[[], Any], done: str, target: Any
) -> HttpResponse | None:
    """Do it when the form is right; the redirect, or None when the form has to be shown again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        do()
    except Refused as refusal:
        refusal.blame(form)
        return None
    messages.success(request, done)
    return redirect(target)


def tapped(request: StaffRequest, do: Callable[[], Any], done: str, target: Any) -> HttpResponse:
    """One button without a form: done or told why not, and back."""
    try:
        do()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(target)


def status_of(*shown: forms.Form) -> int:
    """422 when something has to be corrected."""
    return 422 if any(form.errors for form in shown) else 200
