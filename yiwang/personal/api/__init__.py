"""Rights of the person for other systems: the desk's operations, and the resident's own."""

from ninja import Router

from . import booking, own, staff, told

router = Router(tags=["个人信息"])
router.add_router("/mine", own.router)
router.add_router("/mine", told.router)
router.add_router("/mine", booking.router)
router.add_router("", staff.router)
