"""A service guide read from a version's content: who, what, how long, on what legal basis (SVC-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .conditions import Condition
from .limits import Limit
from .process import Back, Process, StepPlan
from .questions import applying, questions_of


@dataclass(frozen=True)
class MaterialNeed:
    """One document an item asks for; `held_as` names the electronic licence that replaces it."""

    code: str
    name: str
    required: bool
    kind: str
    held_as: str | None


UNGRADED = "none"
"""How a variant names those whose needs have no grade in force."""


@dataclass(frozen=True)
class Variant:
    """One form in which an item is given; open to all grades when it names none (QUA-04)."""

    code: str
    name: str
    grades: tuple[str, ...] = ()

    def open_to(self, grade: str) -> bool:
        """`grade` is the code of the grade in force, empty when there is none."""
        return not self.grades or (grade or UNGRADED) in self.grades


class Guide:
    """The content of a version in one language. Content is data of the city, not of the program."""

    def __init__(self, content: dict[str, Any], *, english: bool = False) -> None:
        self.content = content
        self.english = english

    def _said(self, raw: dict[str, Any], key: str) -> str:
        chosen = raw.get(f"{key}_en") if self.english else None
        return str(chosen or raw.get(key) or "")

    @property
    def title(self) -> str:
        return self._said(self.content, "title")

    @property
    def summary(self) -> str:
        return self._said(self.content, "summary")

    @property
    def audience(self) -> str:
        return self._said(self.content, "audience")

    @property
    def conditions(self) -> list[str]:
        tongue = "en" if self.english else "zh"
        return [str(one[tongue]) for one in self.content.get("conditions") or []]

    @cached_property
    def materials(self) -> list[MaterialNeed]:
        return [
            MaterialNeed(
                raw["code"],
                self._said(raw, "name"),
                bool(raw.get("required", True)),
                raw.get("kind", "copy"),
                raw.get("held_as"),
            )
            for raw in self.content.get("materials") or []
        ]

    @cached_property
    def variants(self) -> list[Variant]:
        return [
            Variant(raw["code"], self._said(raw, "name"), tuple(raw.get("grades") or ()))
            for raw in self.content.get("variants") or []
        ]

    @property
    def after_death(self) -> bool:
        """Whether it is meant for after death (bereavement, burial): accepted for the dead too."""
        return bool(self.content.get("after_death"))

    @property
    def fields(self) -> list[str]:
        return list(self.content.get("fields") or [])

    @cached_property
    def asked_when(self) -> dict[str, Condition]:
        """Under which condition an item of the form is asked; the others always are."""
        return questions_of(self.content.get("asked_when"))

    def form_for(self, said: Mapping[str, str], variant: str = "") -> list[str]:
        """The items of the form for somebody who said this."""
        if not self.asked_when:
            return self.fields
        return applying(self.fields, self.asked_when, said, variant)

    @cached_property
    def steps(self) -> list[StepPlan]:
        return [
            StepPlan(
                raw["code"],
                self._said(raw, "name"),
                int(raw["stage"]),
                raw["level"],
                raw["unit"],
                Limit.of(raw["limit"]),
                raw.get("kind", "review"),
                Condition.of(raw.get("when")),
                Back.of(raw.get("back")),
                tuple(raw.get("papers") or ()),
            )
            for raw in self.content.get("steps") or []
        ]

    @cached_property
    def process(self) -> Process:
        """The steps in the order and under the conditions in which they run."""
        return Process(self.steps)

    @property
    def statutory(self) -> Limit | None:
        raw = self.content.get("statutory")
        return Limit.of(raw) if raw else None

    @property
    def promised(self) -> Limit:
        return Limit.of(self.content["promised"])

    @property
    def fee(self) -> str:
        return str(self.content.get("fee", 0))

    @property
    def fee_note(self) -> str:
        return self._said(self.content, "fee_note")

    @property
    def result_name(self) -> str:
        return self._said((self.content.get("result") or {}), "name")

    @property
    def result_kind(self) -> str:
        return str((self.content.get("result") or {}).get("kind", "answer"))

    @property
    def channels(self) -> list[str]:
        return list(self.content.get("channels", []))

    @property
    def legal_basis(self) -> list[dict[str, str]]:
        return [
            {
                "name": self._said(raw, "name"),
                "article": self._said(raw, "article"),
                "confidence": str(raw.get("confidence", "M")),
            }
            for raw in self.content.get("legal_basis") or []
        ]

    @property
    def questions(self) -> list[tuple[str, str]]:
        return [
            (self._said(raw, "q"), self._said(raw, "a"))
            for raw in self.content.get("questions") or []
        ]
