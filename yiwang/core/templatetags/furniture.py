"""The parts pages are made of: icons, chips, fields, pagers, dates and masked names."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms, template
from django.forms import BaseFormSet, BoundField
from django.forms.forms import BaseForm
from django.forms.widgets import DateTimeBaseInput
from django.http import QueryDict
from django.template.context import Context, RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.middleware import WORDS
from yiwang.core.rules import masking, numbers, wording

register = template.Library()

SPRITE: Final = "yiwang/img/icons.svg"

PROVENANCE: Final[dict[str, tuple[str, str]]] = {
    "lib": ("database-share", ""),
    "visit": ("walk", " src-visit"),
    "prev": ("history", " src-prev"),
    "old": ("alert-triangle", " src-old"),
    "self": ("user", " src-self"),
    "import": ("upload", " src-import"),
}

# ---------- small marks ----------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One picture of the sprite, silent to screen readers: the words beside it speak."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".strip(),
        static(SPRITE),
        name,
    )


@register.simple_tag
def chip(kind: str, text: object, icon_name: str = "") -> SafeString:
    """A word in a tint: danger, warn, ok, info, brand, share, solid, line or '' for plain."""
    return format_html(
        '<span class="{}">{}{}</span>',
        f"chip chip-{kind}" if kind else "chip",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def bar(pct: float, kind: str = "") -> SafeString:
    """A filled line for a share in percent; drawn in SVG because pages carry no inline style."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><rect class="b" width="100%" height="100%"/>'
        '<rect class="v" width="{}%" height="100%"/></svg>',
        f"bar bar-{kind}" if kind else "bar",
        _percent(pct),
    )


@register.simple_tag
def src(kind: str, text: object) -> SafeString:
    """Where a known value comes from: lib, visit, prev, old, self or import."""
    picture, css = PROVENANCE[kind]
    return format_html('<span class="src{}">{}{}</span>', css, icon(picture), text)


@register.inclusion_tag("furniture/dial.html")
def dial(
    used_share: float, big: str, small: str, kind: str = "", label: str = ""
) -> dict[str, Any]:
    """The deadline dial: used share of the time (0 to 1), what stands in its middle, a label."""
    used = _percent(float(used_share) * 100)
    label = label or _("期限已用 %(used)s%%，%(big)s%(small)s") % {
        "used": used, "big": big, "small": small,
    }  # fmt: skip
    return {"used": used, "big": big, "small": small, "kind": kind, "label": label}


def _percent(value: float) -> str:
    return f"{min(max(float(value), 0.0), 100.0):.4g}"


@register.simple_tag(takes_context=True)
def watermark(context: Context, who: str = "") -> SafeString:
    """Who looks, and when, across a page that shows whole personal data (EXP-21).

    Faint on the screen and on paper; drawn in SVG because pages carry no inline style.
    """
    actor = getattr(context.get("request"), "actor", None)
    name = who or getattr(actor, "label", "")
    return format_html(
        '<svg class="watermark" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="yw-mark" width="360" height="150" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(-24)"><text x="4" y="40">{}</text><text x="4" y="66">{}</text>'
        '</pattern></defs><rect width="100%" height="100%" fill="url(#yw-mark)"/></svg>',
        name,
        timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    )


# ---------- forms ----------

# Native pickers need their own format whatever the language of the page.
PICKERS: Final[dict[type[DateTimeBaseInput], tuple[str, str]]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}


@register.inclusion_tag("furniture/field.html")
def field(bound: BoundField, hint: str = "", css: str = "") -> dict[str, Any]:
    """One form field: label, 必填 or 选填, hint, control and its error."""
    if hint:
        bound.help_text = hint
    return {
        "field": bound,
        "css": css,
        "shape": _shape(bound),
        "control": _control(bound),
        "anchor": _anchor(bound),
        "described": bound.aria_describedby,
    }


@register.inclusion_tag("furniture/error_summary.html")
def error_summary(*bound_forms: "BaseForm | BaseFormSet[Any]") -> dict[str, Any]:
    """The list of what to correct, also in the rows of form sets; it takes the focus and leads to
    each field."""
    faults: list[dict[str, Any]] = []
    single: list[BaseForm] = []
    for one in bound_forms:
        if isinstance(one, BaseFormSet):
            faults += [{"text": text} for text in one.non_form_errors()]
            single += one.forms
        else:
            single.append(one)
    for form in single:
        faults += [{"text": text} for text in form.non_field_errors()]
        faults += [
            {"text": text, "anchor": _anchor(bound), "label": bound.label}
            for bound in form
            for text in bound.errors
        ]
    return {"faults": faults}


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "choices" if isinstance(widget, forms.CheckboxSelectMultiple) else "line"


def _control(bound: BoundField) -> SafeString | str:
    widget = bound.field.widget
    if isinstance(widget, DateTimeBaseInput) and widget.input_type == "text":
        widget.input_type, widget.format = next(
            picker for kind, picker in PICKERS.items() if isinstance(widget, kind)
        )
    if _shape(bound) in {"radios", "choices"}:
        return ""
    attrs: dict[str, str | bool] = {}
    if _shape(bound) == "line":
        attrs["class"] = f"{widget.attrs.get('class', '')} input".strip()
    return bound.as_widget(attrs=attrs)


def _anchor(bound: BoundField) -> str:
    if bound.is_hidden:
        return ""
    if _shape(bound) in {"radios", "choices"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


# ---------- lists ----------


@register.inclusion_tag("furniture/pager.html", takes_context=True)
def pager(context: RequestContext, page: Any) -> dict[str, Any]:
    """Previous and next, keeping the filters.

    Takes a page of a Paginator, or a keyset page: `previous_cursor`, `next_cursor`, `total`.
    """
    query = _query(context)
    if hasattr(page, "paginator"):
        back = page.previous_page_number() if page.has_previous() else None
        onward = page.next_page_number() if page.has_next() else None
        return {
            "previous": _changed(query, page=back) if back else "",
            "next": _changed(query, page=onward) if onward else "",
            "number": page.number,
            "pages": page.paginator.num_pages,
            "total": page.paginator.count,
        }
    before, after = page.previous_cursor, page.next_cursor
    return {
        "previous": _changed(query, before=before, after=None) if before else "",
        "next": _changed(query, after=after, before=None) if after else "",
        "total": getattr(page, "total", None),
    }


@register.inclusion_tag("furniture/sort_link.html", takes_context=True)
def sort_link(context: RequestContext, key: str, label: str, css: str = "") -> dict[str, Any]:
    """A whole `<th>` that sorts by `key`, then the other way round.

    The order in force is `sort` of the context, or of the address: "due" or "-due".
    """
    query = _query(context)
    current = str(context.get("sort") or query.get("sort", ""))
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    following = f"-{key}" if order == "ascending" else key
    return {
        "label": label,
        "css": css,
        "order": order,
        "url": _changed(query, sort=following, page=None, before=None, after=None),
    }


@register.inclusion_tag("furniture/removable.html", takes_context=True)
def removable(context: RequestContext, filters: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Applied filters as chips that take themselves away.

    Each filter: `key` (name in the address), `label`, and `value` where a key may repeat.
    """
    query = _query(context)
    chips = [
        {"label": one["label"], "url": _without(query, one["key"], one.get("value"))}
        for one in filters
    ]
    bare = query.copy()
    for one in filters:
        bare.pop(_written(one["key"], query), None)
    return {"chips": chips, "clear": _changed(bare, page=None, before=None, after=None)}


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


def _changed(query: QueryDict, **values: object) -> str:
    changed = query.copy()
    for key, value in values.items():
        if value is None:
            changed.pop(key, None)
        else:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


def _written(key: str, query: QueryDict) -> str:
    """The name a filter has in the address: words of a search may stand there by their number."""
    return "w" if key in WORDS and "w" in query else key


def _without(query: QueryDict, key: str, value: str | None) -> str:
    rest = query.copy()
    kept = [held for held in rest.getlist(key) if value is not None and held != value]
    rest.setlist(_written(key, query), kept)
    return _changed(rest, page=None, before=None, after=None)


# ---------- places ----------


@register.inclusion_tag("furniture/empty.html")
def empty(
    icon_name: str, title: str, text: str = "", url: str = "", label: str = ""
) -> dict[str, str]:
    """What an empty list means, and the one thing to do about it."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("furniture/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """The way here: label and address in turn, and the name of this page last."""
    pairs = zip(parts[:-1:2], parts[1::2], strict=True)
    return {"trail": list(pairs), "here": parts[-1]}


# ---------- words and numbers ----------


@register.filter
def day(value: date | datetime | None) -> str:
    """11月23日 星期一; with the year where it is not this one."""
    if value is None:
        return ""
    value = _local(value)
    if value.year == timezone.localdate().year:
        return date_format(value, pgettext("date format", "n月j日 l"))
    return long_day(value)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """2026年11月23日 星期一, for page heads and papers."""
    return date_format(_local(value), pgettext("date format", "Y年n月j日 l")) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """11-23 09:05 in local time; with the year where it is not this one."""
    if value is None:
        return ""
    local = _local(value)
    if local.year == timezone.localdate().year:
        return date_format(local, pgettext("date format", "m-d H:i"))
    return date_format(local, pgettext("date format", "Y-m-d H:i"))


@register.filter
def listed(words: Iterable[object]) -> str:
    """甲、乙 in Chinese, A, B in English."""
    return wording.listed(words)


@register.filter
def bracketed(name: object, other: object) -> str:
    """窗口（W1） in Chinese, Window (W1) in English."""
    return wording.bracketed(name, other)


@register.filter
def thousands(value: int | float | Decimal | None) -> str:
    """1,286: a comma every three digits, in every language of the product."""
    return "" if value is None else f"{value:,}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def matter_number(value: str | None) -> str:
    """A matter number in the groups people read out: 20261118-0000-473."""
    return numbers.display(value) if value else ""


@register.filter
def matter_short(value: str | None) -> str:
    """A matter number for lists: 1118-0000473."""
    return numbers.short(value) if value else ""


def _quiet(mask: Callable[[str], str]) -> Callable[[object], str]:
    # A name not known yet is an empty cell, never an error on a page.
    def masked(value: object) -> str:
        return mask(str(value)) if value not in (None, "") else ""

    return masked


register.filter("mask_name", _quiet(masking.mask_name))
register.filter("mask_identity", _quiet(masking.mask_identity))
register.filter("mask_phone", _quiet(masking.mask_phone))
register.filter("mask_address", _quiet(masking.mask_address))
register.filter("mask_bank", _quiet(masking.mask_bank))
register.filter("mask_money", _quiet(masking.mask_money))
