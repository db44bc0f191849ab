"""The grade of the applicant decides which variant of an item she is offered (QUA-04)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.world import COMMUNITY
from yiwang.accounts.roles import Role
from yiwang.assessments.tests.scores import assessed
from yiwang.core.errors import Refused
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import planned, variants_for
from yiwang.matters.rules.checks import check_content

from .test_pages_accept import at, begin, choose, fill_in, told_for

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "elder-care-subsidy"


@pytest.fixture
def desk(world, sign_in):
    return sign_in(world.network_admin)


@pytest.fixture
def graded(world, resident):
    worker = world.actor(Role.WORKER, COMMUNITY, "committee")
    return assessed(resident, worker, world.network_admin, timezone.localdate())


def test_given_grade_2_only_variants_of_grade_2_are_offered(graded, resident, accepted):
    found = variants_for(planned(ITEM).guide, resident, timezone.localdate())
    assert found.graded == graded
    assert found.codes == {"household", "personal_care"}
    for wanted, code in (
        ("nursing", "variant"),
        ("assess_first", "variant"),
        ("", "variant_needed"),
    ):
        with pytest.raises(Refused) as refusal:
            accepted(variant=wanted)
        assert refusal.value.code == code
        assert "助浴" in str(refusal.value)
    matter = accepted(variant="personal_care")
    assert matter.variant_label == "助浴等个人照料"


def test_without_a_grade_the_assessment_comes_first_by_itself(resident, accepted):
    assert accepted().variant == "assess_first"
    with pytest.raises(Refused):
        accepted(variant="household")


def test_an_item_without_variants_asks_for_none(resident, accepted):
    assert accepted("senior-allowance").variant == ""
    with pytest.raises(Refused) as refusal:
        accepted("senior-allowance", variant="household")
    assert refusal.value.code == "no_variant"


def test_the_window_chooses_among_what_the_grade_opens(desk, graded, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft)).content.decode()
    assert 'value="household"' in page
    assert 'value="nursing"' not in page
    assert "每日上门照护" in page
    missing = fill_in(desk, draft)
    assert missing.status_code == 422
    assert "请选一个服务档次" in missing.content.decode()
    assert fill_in(desk, draft, variant="nursing").status_code == 422
    desk.post(reverse("matters:draft-save", args=[draft.pk]), {"variant": "household"})
    assert Draft.objects.get().typed["variant"] == "household"
    assert fill_in(desk, draft).status_code == 302


def test_the_api_tells_and_takes_the_variant(desk, graded, resident):
    told = desk.get(f"/api/v1/matters/services/{ITEM}/variants", {"resident": resident.pk}).json()
    assert [one["code"] for one in told if one["allowed"]] == ["household", "personal_care"]
    papers = [{"code": need.code} for need in planned(ITEM).guide.materials]
    body = {"item": ITEM, "resident": resident.pk, "materials": papers, "variant": "household",
            "answers": told_for(planned(ITEM).guide.fields)}  # fmt: skip
    sent = desk.post("/api/v1/matters/", body, content_type="application/json")
    assert sent.status_code == 201
    matter = Matter.objects.get()
    assert desk.get(f"/api/v1/matters/{matter.number}").json()["variant"] == "household"
    page = desk.get(matter.get_absolute_url()).content.decode()
    assert "助餐、助洁等家务服务" in page


def test_faulty_variants_are_not_published():
    content = dict(planned(ITEM).version.content)
    twice = [{"code": "a", "name": "一"}, {"code": "a", "name": "二"}]
    assert any("重复" in one for one in check_content({**content, "variants": twice}))
    nameless = [{"code": "a", "name": ""}]
    assert any("名称" in one for one in check_content({**content, "variants": nameless}))
