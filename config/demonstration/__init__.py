"""A demonstration city: Nantong's real divisions, invented residents and matters.

What is invented is marked: identity numbers of area codes that were never issued, telephones
behind prefixes without a network, and a banner on every page while it is there.
"""

from .city import begin, build, is_building, is_loaded, logins, remove

__all__ = ["begin", "build", "is_building", "is_loaded", "logins", "remove"]
