"""One record of every kind in a corner of the city, and its twin in another county.

Tests of rights ask for a record by its kind; a new kind of record is one line in `Corner`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.pictures import PNG
from tests.world import BINCHA, CHONGCHUAN, CITY, COMMUNITY, RUDONG, STREET, VILLAGE, World
from yiwang.accounts.actions import create_person, create_unit, issue_token, take_office
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Delegation, Post
from yiwang.accounts.roles import GRANTS, Role
from yiwang.assessments.actions import begin_assessment
from yiwang.assessments.models import Scale
from yiwang.collection.actions import file_demand, keep_scan, open_campaign
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.actions.demands import Need
from yiwang.collection.models import Demand, Task
from yiwang.dictionary.jobs import publish_changes
from yiwang.divisions.models import Division, Review
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.liaison.actions import file_log, register_device, report_broken, send_notice
from yiwang.liaison.actions.equipment import Facts
from yiwang.liaison.actions.notices import Letter
from yiwang.liaison.models import Course, Duty, Enrolment, Swap
from yiwang.linkage.actions import (
    choose_columns,
    match_rows,
    merge_residents,
    open_file,
    start_run,
)
from yiwang.linkage.models import CheckTask, DepartmentFile, FileRow, Pair
from yiwang.matters import actions
from yiwang.matters.actions.acceptance import next_number
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.actions.routing import Sending
from yiwang.matters.models import (
    Bundle,
    BundleCase,
    Draft,
    Entrustment,
    Extension,
    FollowUp,
    Material,
    Matter,
    Opinion,
    Reopening,
    ServiceItem,
    Step,
)
from yiwang.matters.reads import planned
from yiwang.needs.actions import compile_assessment, open_survey, register_need, save_survey
from yiwang.notifications.actions import route_message
from yiwang.notifications.models import Delivery, Message
from yiwang.orders.actions import accept_order, add_proof, open_workplace, place_order
from yiwang.orders.actions.placing import Wanted
from yiwang.orders.models import ServiceOrder, Workplace
from yiwang.organizations.actions import (
    NewOrganization,
    Offer,
    add_organization,
    apply_as_provider,
    decide_provider,
    import_organizations,
    merge_organizations,
    record_paper,
    share_resource,
)
from yiwang.organizations.rules.kinds import checks
from yiwang.personal.actions import (
    ask_for_right,
    decide_request,
    give_consent,
    grant_authorisation,
    issue_code,
    use_code,
)
from yiwang.personal.models import DestructionList, Finding, Notice, RetentionRule
from yiwang.personal.reads import own_actor
from yiwang.quality.actions import (
    make_promise,
    plan_check,
    publish_standard,
    record_check,
    record_discussion,
)
from yiwang.quality.actions.checking import Plan as CheckPlan
from yiwang.quality.actions.checking import Seen
from yiwang.quality.actions.discussing import Talk
from yiwang.quality.actions.promising import Word
from yiwang.quality.models import Check as QualityCheck
from yiwang.quality.models import Finding as QualityFinding
from yiwang.quality.models import Sample
from yiwang.queues.actions import (
    book_appointment,
    open_day,
    open_window,
    set_booking,
    take_ticket,
)
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.reads.booking import slots_of
from yiwang.residents.actions import (
    Filing,
    add_dwelling,
    add_group,
    add_resident,
    ask_transfer,
    check_import,
    create_household,
    file_document,
    open_import,
)
from yiwang.residents.models import AddressQuestion, Resident
from yiwang.sharing.actions import (
    ask_agreement,
    ask_renewal,
    grant_agreement,
    make_file,
    order_file,
)
from yiwang.sharing.rules.scope import Scope
from yiwang.supervision.actions import compile_circular, issue_order
from yiwang.supervision.models import Order as SupervisionOrder
from yiwang.tags.actions import except_from_rule, make_visit_list, set_tag
from yiwang.tags.models import Roll, TagKind

ITEM = "elder-care-subsidy"
HERE = {Depth.CITY: CITY, Depth.COUNTY: CHONGCHUAN, Depth.TOWNSHIP: STREET,
        Depth.COMMUNITY: COMMUNITY}  # fmt: skip
THERE = {**HERE, Depth.COUNTY: RUDONG, Depth.TOWNSHIP: BINCHA, Depth.COMMUNITY: VILLAGE}


@dataclass
class Corner:
    """The records of one community, each standing in its division."""

    place: int
    records: dict[str, Any]

    def __getitem__(self, kind: str) -> Any:
        return self.records[kind]

    def telling(self) -> list[str]:
        """Texts that only somebody who may see this corner should ever read."""
        numbers = [self[kind].number for kind in ("matter", "asked", "rated")]
        return [*numbers, self["person"].name]


def unit_code(level: Depth) -> str:
    return "committee" if level == Depth.COMMUNITY else "civil_affairs"


def actor_on(world: World, role: Role, level: Depth, chain: dict[Depth, int]) -> Actor:
    """Someone with this role on a level of the chain of places."""
    return world.actor(role, chain[level], unit_code(level), f"{role.label}{chain[level]}")


def build_corner(
    world: World, chain: dict[Depth, int], name: str, person: str, identity: str, phone: str
) -> Corner:
    """Everything through the real acts, by the people of the place itself."""
    key = chain[Depth.COMMUNITY]
    admin = actor_on(world, Role.COMMUNITY_NETWORK, Depth.COMMUNITY, chain)
    clerk = actor_on(world, Role.TOWNSHIP_OFFICE, Depth.TOWNSHIP, chain)
    bureau = actor_on(world, Role.DEPARTMENT, Depth.COUNTY, chain)
    system = Actor.system()
    place = world.place(key)
    resident = add_resident(
        place, name=name, values={"identity_number": identity, "phone": phone},
        source="visit", source_label="走访", by=admin,
    )  # fmt: skip
    publish_changes()
    made = create_person(place, name=person, username=f"w{key}", phone="", by=system)
    unit = world.unit(key, "committee")
    post = Post.objects.create(
        user=made, unit=unit, division_id=key, role=Role.WORKER, starts_on=date(2026, 1, 4)
    )
    today = timezone.localdate()
    matter, asked, rated, returned = (accepted(place, resident, admin) for _turn in range(4))
    missing = {"kind": "other", "code": "other-1", "name": "近照"}
    actions.return_matter(first_step(returned), items=[missing], reason="", by=admin)
    _answered(rated, admin, clerk, bureau)
    actions.extend_matter(first_step(asked), amount=3, reason="核实需要时间", by=admin)
    token = issue_token(
        post, name=f"接口{key}", scopes=["matters.view"], per_minute=60,
        expires_on=today + timedelta(days=90), by=system,
    )  # fmt: skip
    veteran, elder = (TagKind.objects.get(code=code) for code in ("veteran", "elder"))
    records = {
        "tag_kind": veteran,
        "tag": set_tag(resident, kind=veteran, variant="war", evidence="优1", by=admin),
        "tag_exception": except_from_rule(resident, kind=elder, reason="出生日期待查", by=admin),
        "visit_list": make_visit_list(place, kind=veteran, residents=[resident], by=admin),
        "city": Division.objects.get(pk=CITY),
        "division": place, "resident": resident, "unit": unit, "person": made, "post": post,
        "household": create_household(place, number="甲1", head=resident, by=admin),
        **housing(place, admin),
        "batch": faulty_import(place, admin),
        "returned": returned, "item": ServiceItem.objects.get(code=ITEM),
        "draft": actions.save_draft(place, item=ITEM, resident=resident, by=admin),
        "revision": actions.begin_revision(
            Division.objects.get(pk=CITY), item=ServiceItem.objects.get(code=ITEM), by=system
        ),
        "matter": matter, "step": first_step(matter), "asked": asked, "rated": rated,
        "material": Material.objects.filter(matter=matter).first(),
        "extension": Extension.objects.get(matter=asked),
        "order": issue_order(first_step(matter), text="请抓紧办理", days=3, by=system),
        "circular": compile_circular(place, first=today, last=today, by=system),
        "follow_up": FollowUp.objects.get(rating__matter=rated),
        "token": token, "officer": officer_of(place, person),
        "delegation": Delegation.objects.create(
            post=post, to=bureau_user(bureau), starts_on=today, ends_on=today, reason="休假"
        ),
        **rights_of_the_person(place, resident, admin, system),
        "review": Review.objects.create(
            division=place, topic="unmatched", candidates=[]
        ),
        **queue_of(unit, admin, resident),
    }  # fmt: skip
    records |= joined(world, place, matter, bureau, system)
    records |= told_needs(place, resident, admin)
    records["delivery"] = sent_message(returned)
    records |= checked(place, unit, rated, clerk, admin)
    records |= organized(place, admin)
    records |= ordered(place, resident, admin)
    records |= collection_work(place, admin, bureau)
    records |= shared(place, bureau)
    records |= network_of(unit, admin)
    return Corner(key, records | linked(world, place, resident, admin, bureau))


def joined(
    world: World, place: Any, matter: Matter, bureau: Actor, system: Actor
) -> dict[str, Any]:
    """A rule of the place, an opinion asked, an entrustment, and a bundle with its case."""
    today, health = timezone.localdate(), world.unit(bureau.division_id, "health")
    terms = Terms(
        starts_on=today, ends_on=today + timedelta(days=9), duties="代收", data_rights="本亭受理的",
        items=[ITEM],
    )  # fmt: skip
    kiosk = create_unit(place, code="kiosk", name="便民亭", by=system)
    case = bundled(place, matter.resident)
    Matter.objects.filter(pk=matter.pk).update(bundle_case=case)
    sending = Sending(unit=world.unit(place.pk, "committee"), reason="就近办理", channel="api")
    return {
        "routing_rule": actions.add_rule(place, sending=sending, by=system),
        "opinion": actions.ask_opinion(
            first_step(matter), unit=health, question="是否失能", by=system
        ),
        "entrustment": actions.give_entrustment(
            world.unit(bureau.division_id, bureau.unit_code), agent=kiosk, terms=terms, by=system
        ),
        "bundle": case.bundle, "bundle_case": case,
    }  # fmt: skip


def bundled(place: Any, resident: Resident) -> BundleCase:
    """A case of "one thing", without its parts."""
    today = timezone.localdate()
    bundle, _new = Bundle.objects.get_or_create(
        code=ITEM,
        defaults={"title": "养老一件事", "title_en": "Care", "items": [ITEM], "starts_on": today},
    )
    return BundleCase.objects.create(
        number=next_number(today), bundle=bundle, title=bundle.title, division=place,
        resident=resident, channel="window", accepted_at=timezone.now(),
    )  # fmt: skip


def sent_message(matter: Matter) -> Delivery:
    """What the applicant was told, as it did not arrive."""
    message = Message.objects.get(reference=f"matter:{matter.number}", kind="returned")
    route_message(message, by=Actor.system().within_act("notifications.deliver"))
    made, _new = Delivery.objects.update_or_create(
        message=message, channel="sms", defaults={"state": "failed", "problem": "空号"}
    )
    return made


def checked(place: Any, unit: Any, rated: Matter, clerk: Actor, admin: Actor) -> dict[str, Any]:
    """A sample of one, a check that failed a point, a promise, and the rated matter reopened."""
    actions.record_call_back(rated, outcome="reached", grade=1, opinion="没到账", by=clerk)
    item = rated.item
    point = {"name": "上门时间", "method": "visit", "level": "不超过10分钟", "consequence": "hold"}
    standard = item.standards.first() or publish_standard(
        item, points=[point], by=Actor.system()
    )  # fmt: skip
    street = Division.objects.get(pk=clerk.division_id)
    check = plan_check(street, plan=CheckPlan("visit", unit, standard=standard), by=clerk)
    record_check(check, seen=Seen("迟到半小时", {"p1": "fail"}), by=clerk)
    day = timezone.localdate() - timedelta(days=1)
    there = list(Post.objects.filter(pk=admin.post_id or 0))
    talk = Talk(rated, day, there, "没有人跟进", "每周核对一次")
    sample = Sample.objects.create(
        division=place, first=day, last=day, kind="visit", percent=5, seed=1, population=1,
        drawn=0, drawn_at=timezone.now(), drawn_by="某人",
    )  # fmt: skip
    return {
        "quality_check": check, "quality_finding": QualityFinding.objects.get(source=check),
        "sample": sample, "reopening": Reopening.objects.get(matter=rated),
        "promise": make_promise(unit, word=Word("五分钟内招呼", "waiting", 5), by=admin),
        "discussion": record_discussion(unit, talk=talk, by=admin),
    }  # fmt: skip


def collection_work(place: Any, admin: Actor, bureau: Actor) -> dict[str, Any]:
    """A campaign with its forms, its signed list, and what a department asked for."""
    order = Order("复核", "年度复核", ["home_address"])
    campaign = open_campaign(place, order=order, by=admin)
    task = Task.objects.get(campaign=campaign)
    need = Need("儿童", "接种", "statutory_duty", "某法第一条", date(2099, 1, 1), ["phone"])
    return {
        "campaign": campaign, "task": task, "form": task.items.order_by("pk")[0],
        "scan": keep_scan(task, name="签字.png", content=b"\x89PNG", by=admin),
        "demand": file_demand(place, need=need, by=bureau),
    }  # fmt: skip


def shared(place: Any, bureau: Actor) -> dict[str, Any]:
    """An agreement in force whose renewal waits, and a file made under it."""
    scope = Scope(("name", "phone"), "接种", "statutory_duty", "某法第一条", timezone.localdate())
    agreement = ask_agreement(place, title="接种名单", scope=scope, by=bureau)
    agreement = grant_agreement(agreement, by=Actor.system())
    file = make_file(order_file(agreement, kind="csv", by=bureau), by=bureau)
    return {"agreement": ask_renewal(agreement, scope=scope, by=bureau), "shared_file": file}


def network_of(unit: Any, admin: Actor) -> dict[str, Any]:
    """A telephone that waits for repair, a notice to the township, the log of yesterday, a course, two shifts."""
    device = register_device(unit, facts=Facts("telephone", "TCL", date(2026, 1, 4)), by=admin)
    letter = Letter("停电两小时", "下午停电", "up")
    scan = SimpleUploadedFile("电.png", PNG)
    told = {"hours": 8, "pass_mark": 60, "within_days": 30, "valid_months": 12, "roles": ["N3"]}
    course, _new = Course.objects.get_or_create(
        title="上岗培训", title_en="Training", defaults=told
    )
    post, today = Post.objects.get(pk=admin.post_id or 0), timezone.localdate()
    begins = timezone.now() + timedelta(days=2)
    shifts = [
        Duty.objects.create(
            unit=unit, post=post, starts_at=begins + timedelta(hours=3 * at),
            ends_at=begins + timedelta(hours=3 * at + 2),
        )
        for at in range(2)
    ]  # fmt: skip
    swap = Swap.objects.create(duty=shifts[0], other=shifts[1], asked_by="某人")
    notice = send_notice(unit.division, letter=letter, uploads=[scan], by=admin)
    return {
        "device": device, "repair": report_broken(device, problem="无声", by=admin),
        "course": course, "duty": shifts[0], "swap": swap,
        "enrolment": Enrolment.objects.create(
            course=course, post=post, assigned_on=today, due_on=today
        ),
        "work_notice": notice, "notice_file": notice.files.get(),
        "day_log": file_log(
            unit.division, on=today - timedelta(days=1),
            entries={"devices": "正常"}, by=admin,
        ),
    }  # fmt: skip


def officer_of(place: Any, name: str) -> Any:
    """The director of the committee, in office and published."""
    return take_office(
        place, body="committee", position="主任", name=name, manner="elected",
        starts_on=date(2024, 3, 1), published=True, by=Actor.system(),
    )  # fmt: skip


def housing(place: Any, admin: Actor) -> dict[str, Any]:
    """A dwelling of a group, an address nobody can read, and somebody asked for next door."""
    grid = add_group(place, name="第一网格", by=admin)
    house = add_dwelling(place, address="幸福路1号", group=grid, by=admin)
    add_dwelling(place, address="老粮站后面", by=admin)
    mover = add_resident(
        place, name="吴搬迁", values={"born_on": "1980-01-01"}, surely_new=True, by=admin
    )
    beside, _new = Division.objects.get_or_create(
        key=place.pk + 1,
        defaults={"parent_id": place.parent_id, "level": place.level, "name": "邻村",
                  "short_name": "邻村", "kind": place.kind},
    )  # fmt: skip
    return {
        "group": grid, "dwelling": house, "document": filed(mover, admin),
        "address": AddressQuestion.objects.get(division=place, state="open"),
        "transfer": ask_transfer(beside, people=[mover], by=Actor.system()),
    }  # fmt: skip


def filed(person: Any, by: Actor) -> Any:
    """A document in the person's file."""
    picture = SimpleUploadedFile("证.png", PNG)
    filing = Filing("household_book", agreed_how="counter")
    return file_document(person, filing=filing, uploads=[picture], by=by)


def told_needs(place: Any, resident: Any, by: Actor) -> dict[str, Any]:
    """A need, a survey under way, the assessment of a community and of a person."""
    question = {
        "code": "q1", "kind": "single", "text": "需要助餐吗？", "wants": [], "category": "",
        "choices": [{"code": "yes", "name": "要"}, {"code": "no", "name": "不要"}],
    }  # fmt: skip
    survey = save_survey(place, title="助餐调查", content=[question], by=by)
    elder = add_resident(
        place, name="卞长庚", values={"born_on": "1938-02-01"}, surely_new=True, by=by
    )
    return {
        "need": register_need(
            place, category="eldercare", text="助餐", channel="visit", resident=resident, by=by
        ),
        "survey": open_survey(survey, seed=1, by=by),
        "grading": begin_assessment(elder, by=by),
        "scale": Scale.objects.public().first(),
        "assessment": compile_assessment(place, year=timezone.localdate().year, by=by),
    }


def organized(place: Any, by: Actor) -> dict[str, Any]:
    """A school that shares its ground, applies to serve, has a paper, and was entered twice."""
    told = {
        "name": "幸福小学", "legal_form": "school", "contact_name": "季海燕",
        "contact_phone": "15400007711", "point": "120.86,32.01", "located": "yes",
    }  # fmt: skip
    school, twin = (
        add_organization(place, values=told, surely_new=True, by=by) for _turn in range(2)
    )
    batch = import_organizations(
        place, rows=[NewOrganization(place, {"name": "老街剧团", "legal_form": "team"})],
        file_name="单位.xlsx", by=by,
    )  # fmt: skip
    apply_as_provider(school, offer=Offer(["sport"], "篮球教学", "15400007712"), by=by)
    return {
        "organization": school,
        "resource": share_resource(school, kind="sports", name="操场", hours="周末", by=by),
        "paper": record_paper(school, kind="school_permit", expires_on=date(2027, 1, 1), by=by),
        "organization_merge": merge_organizations(school, other=twin, reason="重复登记", by=by),
        "organization_batch": batch,
    }


def ordered(place: Any, resident: Any, by: Actor) -> dict[str, Any]:
    """An admitted company with its work area, and an order it has taken on and shown a photo of."""
    told = {"name": "如意维修部", "legal_form": "company"}
    company = add_organization(place, values=told, surely_new=True, by=by)
    record_paper(company, kind="licence", expires_on=date(2099, 1, 1), by=by)
    offer = Offer(["eldercare"], "水电维修", "15400007713", "", [place])
    applied = apply_as_provider(company, offer=offer, by=by)
    decide_provider(applied, to="approved", checked=list(checks()), by=Actor.system())
    worker = Actor.of(
        open_workplace(company, name="顾师傅", username=f"p{resident.pk}", by=Actor.system())
    )
    wanted = Wanted("修水管", date(2099, 1, 1), resident=resident, shared=["name"])
    order = place_order(place, organization=company, wanted=wanted, by=by)
    accept_order(order, by=worker)
    picture = SimpleUploadedFile("工.png", PNG)
    add_proof(order, upload=picture, by=worker)
    return {"service_order": order, "workplace": company.workplace}


def rights_of_the_person(place: Any, resident: Any, by: Actor, system: Actor) -> dict[str, Any]:
    """An account, an agent, an agreement, requests, a finding; rules and lists are the city's."""
    agent = add_resident(
        place, name="季海燕", values={"born_on": "1980-01-01"}, surely_new=True, by=by
    )
    code = issue_code(resident, phone="15400009911", manner="counter", document="身份证", by=by)
    given = grant_authorisation(
        resident, holder=agent, relation="邻居", scopes=["book"], basis="counter",
        evidence="委托书", by=by,
    )  # fmt: skip
    held = ask_for_right(resident, kind="object", field="phone", words="不要打电话", by=by)
    decide_request(held, granted=True, answer="照办", by=by)
    rule = RetentionRule.objects.get(data_class="stale_resident")
    drawn = DestructionList.objects.create(rule=rule, drawn_on=timezone.localdate(), count=0)
    finding = Finding.objects.create(
        kind="night", on=timezone.localdate(), user_id=place.pk, by="某人", division_key=place.pk,
        lines=[],
    )  # fmt: skip
    return {
        "account": use_code(code, password="haohe2026", by=own_actor(resident)),
        "authorisation": given,
        "right": ask_for_right(resident, kind="restrict", words="先不要用", by=by),
        "restriction": held.restriction, "finding": finding, "retention": rule,
        "consent": give_consent(resident, purpose="care", how="paper", by=by),
        "notice": Notice.objects.latest("version"), "destruction": drawn,
    }  # fmt: skip


def queue_of(unit: Any, by: Actor, resident: Any) -> dict[str, Any]:
    """The committee's hall, open today, with a window, a number that waits, and an appointment."""
    unit.hours = {kind: [["00:00", "23:30"]] for kind in ("work", "saturday", "sunday", "holiday")}
    unit.save()
    plan = set_booking(unit, plan=Plan(True, ["A"], 30, 5, 7), by=by)
    plan.unit = unit
    slot = slots_of(plan, "A", timezone.localdate() + timedelta(days=1), timezone.now())[20]
    booked = book_appointment(plan, resident=resident, wish=Wish("A", slot.starts_at), by=by)
    day = open_day(unit, letters=["A", "B"], windows=1, by=by)
    window = open_window(day.windows.get(), letters=["A"], by=by)
    ticket = take_ticket(day, letter="B", by=by)
    return {
        "queue_day": day, "queue_window": window, "queue_ticket": ticket, "appointment": booked,
    }  # fmt: skip


def linked(world: World, place: Any, resident: Any, admin: Actor, bureau: Actor) -> dict[str, Any]:
    """A pair of likely twins, a merge, and a list of a department with one row nobody knows."""
    left, right, third = (
        add_resident(
            place, name="石同名", values={"born_on": "1961-02-03"}, surely_new=True, by=admin
        )
        for _turn in range(3)
    )
    run = start_run(place, background=False, by=admin)
    pair = Pair.objects.create(
        run=run, division=place, left=left, right=right, score=90, weight=3, reasons=[]
    )
    unit = world.unit(bureau.division_id, "civil_affairs")
    content = "姓名,出生日期,婚姻状况\n毛不知,1950-01-01,未婚\n".encode()
    county = world.place(bureau.division_id)
    file = open_file(county, unit=unit, file_name="名单.csv", content=content, by=bureau)
    choose_columns(file, background=False, by=bureau)
    match_rows(file, by=bureau)
    row = FileRow.objects.get(file=file)
    CheckTask.objects.filter(row=row).update(division=place)
    FileRow.objects.filter(pk=row.pk).update(division=place)
    return {
        "pair": pair,
        "merge": merge_residents(resident, other=third, by=admin),
        "sent_file": file,
        "roll": Roll.objects.create(
            file=file, kind=TagKind.objects.get(code="veteran"), by_label=bureau.label
        ),
        "sent_row": FileRow.objects.get(pk=row.pk),
        "check": CheckTask.objects.get(row=row),
    }


def faulty_import(place: Any, by: Actor) -> Any:
    """A checked workbook with one faulty row."""
    content = "姓名,身份证号\n王一,123\n".encode()
    batch = open_import(place, file_name="名册.csv", content=content, by=by)
    return check_import(batch, by=by)


def bureau_user(actor: Actor) -> Any:
    return Post.objects.select_related("user").get(pk=actor.post_id or 0).user


def accepted(place: Any, resident: Any, by: Actor) -> Matter:
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    return actions.accept_matter(
        place, item=ITEM, resident=resident, answers={}, channel="window", materials=papers, by=by
    )


def first_step(matter: Matter) -> Step:
    return Step.objects.select_related("matter", "unit").filter(matter=matter, state="active")[0]


def _answered(matter: Matter, admin: Actor, clerk: Actor, bureau: Actor) -> None:
    """Finished and rated badly, so that a follow-up waits."""
    actions.complete_step(first_step(matter), by=admin)
    actions.complete_step(first_step(matter), by=clerk)
    actions.finish_matter(first_step(matter), granted=True, text="准予", by=bureau)
    matter.refresh_from_db()
    actions.rate_matter(matter, grade=1, by=Actor.public("matters.rate"))


def lowest_level(role: Role) -> Depth:
    return max(GRANTS[role].levels)


def stands_inside(actor: Actor, record: Any) -> bool:
    """Whether a record is the business of this post, said once more and independently.

    A unit's own steps and matters are its business wherever they stand; a department has no other.
    """
    if isinstance(record, Draft):
        return bool(record.post_id == actor.post_id)
    units = record.units if isinstance(record, Matter) else None
    if isinstance(record, Delivery):
        units = [record.message.unit_id or 0]
    if isinstance(record, Demand):
        units = [record.unit_id]
    if isinstance(record, (Step, Opinion)):
        units = [record.unit_id]
    if isinstance(record, ServiceOrder):
        units = [record.unit_id, record.placer_unit_id or 0]
    if isinstance(record, Workplace):
        units = [record.unit_id]
    if isinstance(record, Entrustment):
        units = [record.authority_id]
    if isinstance(record, BundleCase):
        units = sorted(record.entrusted_units())
    if isinstance(record, SupervisionOrder):
        units = [record.unit_id, *record.matter.units]
    if isinstance(record, (QualityCheck, QualityFinding)):
        units = [record.unit_id]
    if isinstance(record, Reopening):
        units = [record.unit_id, *record.matter.units]
    if isinstance(record, (Extension, FollowUp, Material)):
        kept = record.rating.matter if isinstance(record, FollowUp) else record.matter
        units = kept.units
    if isinstance(record, DepartmentFile):
        units = [record.unit_id]
    if units is not None and actor.unit_id in units:
        return True
    if units is not None and actor.by_unit:
        return False
    area = range_of(actor.division_id)
    return area.lo <= standing(record) <= area.hi


def standing(record: Any) -> int:
    key = getattr(record, "division_id", None)
    if key is None:
        key = getattr(record, "key", None) or settings.CITY
    assert depth_of(key) is not None
    return int(key)
