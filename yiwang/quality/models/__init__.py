"""Standards, samples and checks, findings with their corrections, promises."""

from .check import Check, Sample
from .discussion import Discussion, Participant
from .finding import Finding
from .promise import Promise
from .standard import Standard

__all__ = ["Check", "Discussion", "Finding", "Participant", "Promise", "Sample", "Standard"]
