"""Results that wait for pick-up: by window and kiosk, days, reminder; the workbench counts the same."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from yiwang.accounts.roles import Role
from yiwang.console.reads.duties import Today, duties
from yiwang.core.acts import circumstances
from yiwang.matters import actions
from yiwang.matters.jobs import remind_applicants
from yiwang.matters.models import Matter


@pytest.fixture
def ready(world, accepted):
    """Accepted at the community, finished nine days ago, collected by nobody."""
    matter = accepted("housing-repair-aid")
    with circumstances(at=timezone.now() - timedelta(days=9)):
        while matter.is_open:
            step = matter.steps.filter(state="active").order_by("pk")[0]
            clerk = world.actor(Role.DEPARTMENT, step.division_id, step.unit.code)
            last = matter.steps.unsettled().count() == 1
            if last:
                actions.finish_matter(step, granted=True, text="准予", by=clerk)
            else:
                actions.complete_step(step, agreed=True, opinion="同意", by=clerk)
            matter = Matter.objects.get(pk=matter.pk)
    return matter


def test_what_waits_is_listed_counted_reminded_and_gone_when_handed_over(world, ready, sign_in):
    by = world.network_admin
    desk, page = sign_in(by), reverse("matters:waiting")
    counted = duties(by, Today.at(timezone.now()))["waiting"]
    own = desk.get(page, {"where": "own"})
    assert own.context["page"].paginator.count == counted == 1
    assert [days for _one, days in own.context["rows"]] == [9]
    text = own.content.decode()
    assert ready.short_number in text
    assert "还没有" in text
    assert ready.resident.name not in text
    for query, count in (
        ({"days": "7"}, 1), ({"days": "15"}, 0), ({"q": ready.number}, 1), ({"q": "没有"}, 0),
        ({"days": "x"}, 1), ({"page": "99"}, 1),
    ):  # fmt: skip
        assert desk.get(page, query).context["page"].paginator.count == count, query
    assert remind_applicants() == 1
    assert "已提醒" in desk.get(page).content.decode()
    told = desk.get("/api/v1/matters/waiting?own=true&days=7").json()
    assert (told["count"], told["results"][0]["days"]) == (1, 9)
    assert told["results"][0]["reminded_at"]
    assert desk.get(reverse("matters:waiting-export")).status_code == 200
    far = sign_in(world.neighbour_admin)
    assert far.get(page).context["page"].paginator.count == 0
    actions.deliver_result(ready, how="window", receiver=ready.resident.name, by=by)
    assert desk.get(page).context["page"].paginator.count == 0
    assert duties(by, Today.at(timezone.now()))["waiting"] == 0
