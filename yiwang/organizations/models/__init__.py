"""The register of organisations, what they share, what they are admitted to serve."""

from .application import Application
from .batch import Batch
from .merge import Merge
from .organization import Event, Organization
from .provider import Paper, Provider, ServiceArea
from .record import OrganizationRecord
from .sharing import Cooperation, Resource, next_review

__all__ = [
    "Application",
    "Batch",
    "Cooperation",
    "Event",
    "Merge",
    "Organization",
    "OrganizationRecord",
    "Paper",
    "Provider",
    "Resource",
    "ServiceArea",
    "next_review",
]
