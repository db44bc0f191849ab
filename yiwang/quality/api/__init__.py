"""Quality for other systems: the same acts and reads as the pages."""

from ninja import Router

from .checks import router as checks
from .discussions import router as discussions
from .findings import router as findings
from .standards import router as standards

router = Router(tags=["质量"])
router.add_router("", standards)
router.add_router("", checks)
router.add_router("", findings)
router.add_router("", discussions)
