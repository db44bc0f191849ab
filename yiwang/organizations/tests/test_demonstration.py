"""The demonstration's organisations: invented, valid, and found by the ordinary search."""

from django.utils import timezone

from config.demonstration.organizations import Founder
from config.demonstration.people import AREAS, Population
from tests.world import COMMUNITY, NEIGHBOUR, World
from yiwang.organizations.models import Organization, Paper, Provider
from yiwang.organizations.reads import Search, providers, shared_resources, start_of
from yiwang.residents.rules.credit_code import check_credit_code


def test_each_community_gets_units_that_share_and_shops_that_serve(world: World) -> None:
    today = timezone.localdate()
    places = [world.place(COMMUNITY), world.place(NEIGHBOUR)]
    made = Founder(Population(1, today)).found(places)
    rows = list(Organization.objects.all())
    assert (len(rows), {one.division_id for one in rows}) == (made, {COMMUNITY, NEIGHBOUR})
    codes = [check_credit_code(one.credit_code) for one in rows if one.credit_code]
    assert {int(code.area) for code in codes} <= set(AREAS)
    assert all((one.contact_phone or "").startswith("163") for one in rows)
    assert Provider.objects.filter(state="approved").exists()
    assert Paper.objects.exists()
    shared = [kind for key in (COMMUNITY, NEIGHBOUR) for kind in shared_resources(key)]
    start = start_of(places[0])
    assert shared
    assert start is not None
    near = Search(near=start.point, metres=5000, today=today)
    assert providers(near).count() == Provider.objects.public(today).count()
