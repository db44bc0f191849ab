"""Service subjects on the scoreboard (QUA-08)."""

import io
from datetime import timedelta

from django.utils import timezone
from openpyxl import load_workbook

from tests.world import STREET, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.orders.actions import accept_order, add_proof, answer_as_resident, finish_order
from yiwang.orders.jobs import return_unanswered
from yiwang.orders.tests.conftest import open_company, picture, place
from yiwang.quality.reads.providers import provider_lines

PUBLIC = Actor.public("orders.own")


def test_a_provider_is_scored_by_its_orders_from_enough_ratings_on(
    world, resident, client, sign_in
):
    """QUA-08: with 9 ratings 样本不足 stands instead of a score; with the tenth the score."""
    company, worker = open_company(world)
    lapsed = place(world, company)
    with circumstances(at=timezone.now() + timedelta(days=3)):
        return_unanswered()
    lapsed.refresh_from_db()
    assert lapsed.state == "lapsed"
    for turn in range(10):
        if turn == 9:
            assert "样本不足" in client.get("/quality/").content.decode()
        order = place(world, company, resident)
        accept_order(order, by=worker)
        add_proof(order, upload=picture(), by=worker)
        finish_order(order, text="修好了", by=worker)
        answer_as_resident(
            order, code=order.code, grade=2 if turn == 0 else 5, comment="", by=PUBLIC
        )
    today = timezone.localdate()
    (line,) = provider_lines(STREET, today, today + timedelta(days=4), 25)
    assert (line.orders, line.on_time, line.rated, line.low) == (10, 10, 10, 1)
    assert (line.shown_grade, line.on_time_share) == (4.7, 100.0)
    page = client.get("/quality/").content.decode()
    assert company.name in page
    assert "4.7" in page
    desk = sign_in(world.street_clerk)
    assert company.name in desk.get("/desk/quality/").content.decode()
    told = desk.get("/api/v1/quality/board/providers").json()
    assert [(one["name"], one["shown_grade"], one["orders"]) for one in told] == [
        (company.name, 4.7, 10)
    ]
    book = load_workbook(io.BytesIO(desk.get("/desk/quality/export/?of=providers").content))
    assert company.name in str(list(book.active.values))
    assert provider_lines(VILLAGE, today, today, 25) == []
