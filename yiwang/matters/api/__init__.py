"""Matters for other systems: the same acts and the same reads as the pages."""

from ninja import Router

from .acceptance import router as acceptance
from .bundles import router as bundles
from .catalogue import router as catalogue
from .categories import router as categories
from .diagram import router as diagram
from .discussion import router as discussion
from .entrustments import router as entrustments
from .joint import router as joint
from .outcome import router as outcome
from .own import router as own
from .rating import public as invitations
from .rating import router as rating
from .register import router as register
from .revisions import router as revisions
from .routing import router as routing
from .steps import router as steps
from .tracking import router as tracking

router = Router(tags=["事项"])
router.add_router("", diagram)
router.add_router("", categories)
router.add_router("/services", catalogue)
router.add_router("/revisions", revisions)
router.add_router("/mine", own)
router.add_router("/track", tracking)
router.add_router("/rate", invitations)
router.add_router("", rating)
router.add_router("", discussion)
router.add_router("", routing)
router.add_router("", entrustments)
router.add_router("", bundles)
router.add_router("", joint)
router.add_router("", outcome)
router.add_router("", acceptance)
router.add_router("", steps)
router.add_router("", register)
