"""What is to be told, each way it takes, the words, and what a person chose."""

from .choice import Choice
from .message import Delivery, Message
from .wording import Wording

__all__ = ["Choice", "Delivery", "Message", "Wording"]
