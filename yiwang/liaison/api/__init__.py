"""Liaison for other systems: the same acts and reads as the pages."""

from ninja import Router

from .logs import router as logs
from .network import router as network
from .notices import router as notices
from .roster import router as roster
from .training import router as training

router = Router(tags=["联络"])
router.add_router("", network)
router.add_router("", notices)
router.add_router("", logs)
router.add_router("", training)
router.add_router("", roster)
