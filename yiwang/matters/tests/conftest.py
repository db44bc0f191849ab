"""Whoever holds an actor's post, signed in with a browser, and a matter to work on."""

import pytest

from tests.world import COMMUNITY
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.reads import planned


@pytest.fixture
def accepted(world, catalogue, resident):
    """Accept an item for 陈桂英 at her community's window, with every paper."""

    def do(item="elder-care-subsidy", **more):
        papers = [HandedIn(need.code) for need in planned(item).guide.materials]
        wanted = {"answers": {}, "channel": "window", "materials": papers, **more}
        return actions.accept_matter(
            world.place(COMMUNITY), item=item, resident=resident, by=world.network_admin, **wanted
        )

    return do
