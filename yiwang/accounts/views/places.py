"""The searchable list of divisions inside the own area, shared by the forms that need a place."""

from typing import Any

from django.db.models import Q
from django.http import Http404

from yiwang.accounts.http import StaffRequest
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division

SHOWN = 12


def chosen_place(request: StaffRequest, name: str = "division") -> Division | None:
    """The division named in the address; only inside the area the actor enters. Raises Http404."""
    key = request.GET.get(name, "")
    if not key:
        return None
    if not key.isdigit():
        raise Http404
    area = Division.objects.visible_to(request.actor).within(request.actor.enter)
    found = area.filter(pk=int(key)).first()
    if found is None:
        raise Http404
    return found


def place_list(request: StaffRequest, name: str = "place_q") -> dict[str, Any]:
    """What the picker shows: the divisions that fit what was typed, the highest first."""
    typed = clean_text(request.GET.get(name, ""))[:60]
    area = request.actor.enter
    places = Division.objects.visible_to(request.actor).within(area).current().served()
    flat = typed.replace(" ", "").lower()
    if flat:
        places = places.filter(
            Q(name__contains=typed) | Q(pinyin__startswith=flat) | Q(initials__startswith=flat)
        )
    rows = list(places.select_related("parent").order_by("level", "key")[: SHOWN + 1])
    return {"typed": typed, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "field": name}
