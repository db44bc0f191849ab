"""The hall and its appointments for other systems; same acts as the pages."""

from ninja import Router

from .booking import router as booking
from .hall import router as hall

router = Router(tags=["取号排队"])
router.add_router("", booking)
router.add_router("", hall)
