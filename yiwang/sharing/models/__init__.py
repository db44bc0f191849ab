"""Agreements with their versions, what was read under them, who was told of, the files made."""

from .agreement import Agreement, AgreementVersion
from .member import Left, Member
from .reading import Reading, SharedFile

__all__ = ["Agreement", "AgreementVersion", "Left", "Member", "Reading", "SharedFile"]
