"""Display settings of the reader: size and contrast, kept in two cookies and rendered here."""

from typing import Final

from django.http import HttpRequest

DISPLAY_CHOICES: Final[dict[str, frozenset[str]]] = {
    "size": frozenset({"", "large", "elder"}),
    "contrast": frozenset({"", "high"}),
}


def display(request: HttpRequest) -> dict[str, str]:
    """Give templates `display_size` and `display_contrast`; `?size=elder` counts for one request.

    Anything a browser sends beyond the known choices is read as the standard display.
    """
    return {f"display_{kind}": _chosen(request, kind) for kind in DISPLAY_CHOICES}


def _chosen(request: HttpRequest, kind: str) -> str:
    value = request.GET.get(kind, request.COOKIES.get(f"yw-{kind}", ""))
    return value if value in DISPLAY_CHOICES[kind] else ""
