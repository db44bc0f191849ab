"""The one way a rule says no. Pages show the sentence; the API answers 409 with the code."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A rule of the law, the plan or good order forbids this now.

    `code` is a stable English word for programs, `message` a sentence in the user's language,
    `fields` names the form fields at fault, where there are any.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        # As it was said: str() of an exception forgets from what a sentence is read back.
        self.code, self.message = code, message
        self.fields = dict(fields or {})

    def blame(self, form: Any) -> None:
        """Show the sentence on a form: at the fields at fault it has, else above all of them."""
        known = {name: text for name, text in self.fields.items() if name in form.fields}
        for name, text in known.items():
            form.add_error(name, text)
        if not known:
            form.add_error(None, str(self))
