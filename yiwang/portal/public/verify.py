"""Is this paper genuine, and does it still hold: behind a code, never the text (SVC-07, EXP-42)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yiwang.core.rules.wording import grouped
from yiwang.portal.actions import checked
from yiwang.portal.reads.tracking import locked_words, tries_from

from .frame import page, public_page

LONGEST = 24


@public_page
def ask(request: HttpRequest) -> HttpResponse:
    """A field for the code printed under the QR code."""
    code = request.GET.get("code", "").strip()[:LONGEST]
    plain = "".join(char for char in code.upper() if char.isalnum())
    if plain:
        return redirect("portal:verify", code=plain)
    return page(request, "verify", code="")


@public_page
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the city's records say about a code; wrong ones are counted by where they come from."""
    tries = tries_from(str(request.META.get("REMOTE_ADDR", "")))
    if locked := locked_words(tries):
        return page(request, "verify", status=429, code="", locked=locked)
    found = checked(code[:LONGEST], tries)
    shown = grouped(code[:LONGEST].upper()) if found else code[:LONGEST]
    return page(request, "verify", status=200 if found else 404, code=shown, found=found)
