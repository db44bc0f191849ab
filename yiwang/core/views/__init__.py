"""Pages of the core: the furniture, the journal, the law as data, the site's health."""

from .furniture import csrf_failure, denied, display_settings, refused

__all__ = ["csrf_failure", "denied", "display_settings", "refused"]
