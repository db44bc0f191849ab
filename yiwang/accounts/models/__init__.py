"""Units, people who sign in, their posts, delegations and the keys of other systems."""

from .access import ApiToken, LogInFailure
from .board import Officer
from .person import Delegation, Post, User
from .unit import Unit, UnitClass

__all__ = ["ApiToken", "Delegation", "LogInFailure", "Officer", "Post", "Unit", "UnitClass", "User"]
