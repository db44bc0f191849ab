"""Questionnaires: questions that depend on answers, read and checked without a database (EXP-33)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .categories import Category

KINDS: Final = ("single", "multi", "number", "text")
LONGEST: Final = 500
LARGEST: Final = 1_000_000


class InvalidQuestion(ValueError):
    """A question that cannot be asked, with the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    code: str
    name: str
    name_en: str = ""

    @property
    def label(self) -> str:
        return self.name_en if _english() and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Question:
    """One question. With `when` it is asked only after one of these answers to an earlier one.

    With `category`, choosing one of `wants` says that the household has a need of this category.
    """

    code: str
    kind: str
    text: str
    text_en: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    when: tuple[str, tuple[str, ...]] | None = None
    category: str = ""
    wants: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.text_en if _english() and self.text_en else self.text

    @property
    def has_choices(self) -> bool:
        return self.kind in ("single", "multi")


def read_questions(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """The questions of a version. Raises InvalidQuestion naming the first that is wrong."""
    questions: list[Question] = []
    for at, row in enumerate(rows, 1):
        question = _question(row)
        fault = _fault(question, questions)
        if fault:
            raise InvalidQuestion(_("第 %(at)s 题：%(fault)s") % {"at": at, "fault": fault})
        questions.append(question)
    if not questions:
        raise InvalidQuestion(_("问卷还没有题目。"))
    return questions


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether the condition of a question holds for the answers given so far."""
    if question.when is None:
        return True
    said = answers.get(question.when[0])
    given = said if isinstance(said, list) else [said]
    return bool(set(given) & set(question.when[1]))


def clean_answers(
    questions: Sequence[Question], said: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers to what is asked, and a sentence for each that is missing or wrong.

    Answers to questions that are not asked are dropped.
    """
    kept: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for question in questions:
        if not is_asked(question, kept):
            continue
        try:
            value = _clean(question, said.get(question.code))
        except ValueError as fault:
            faults[question.code] = str(fault)
            continue
        if value in (None, "", []):
            if question.required:
                faults[question.code] = _("请回答这一题。")
        else:
            kept[question.code] = value
    return kept, faults


def wanted(questions: Sequence[Question], answers: Mapping[str, Any]) -> set[str]:
    """The categories in which these answers tell of a need."""
    found = set()
    for question in questions:
        said = answers.get(question.code)
        given = said if isinstance(said, list) else [said]
        if question.category and set(given) & set(question.wants):
            found.add(question.category)
    return found


def _question(row: Mapping[str, Any]) -> Question:
    when = row.get("when") or None
    return Question(
        code=str(row.get("code", "")),
        kind=str(row.get("kind", "")),
        text=str(row.get("text", "")).strip(),
        text_en=str(row.get("text_en", "")).strip(),
        choices=tuple(Choice(**one) for one in row.get("choices", ())),
        required=bool(row.get("required")),
        when=(str(when["question"]), tuple(when["any"])) if when else None,
        category=str(row.get("category", "")),
        wants=tuple(row.get("wants", ())),
    )


def _fault(question: Question, before: Sequence[Question]) -> str:
    known = {one.code: one for one in before}
    codes = {one.code for one in question.choices}
    if not question.text or not question.code or question.code in known:
        return _("没有写题目，或编号重复。")
    if question.kind not in KINDS:
        return _("没有这种题型。")
    if question.has_choices and (len(codes) < 2 or len(codes) != len(question.choices)):
        return _("选择题至少有两个不同的选项。")
    if question.when is not None:
        asked = known.get(question.when[0])
        if asked is None or not set(question.when[1]) <= {one.code for one in asked.choices}:
            return _("条件要指向前面的选择题和它的选项。")
    if question.category and (
        question.category not in Category.values or not set(question.wants) <= codes
    ):
        return _("需求类别或表示需要的选项不对。")
    return ""


def _clean(question: Question, said: Any) -> Any:
    codes = {one.code for one in question.choices}
    if question.kind == "multi":
        given = said if isinstance(said, list) else [said] if said else []
        if not set(given) <= codes:
            raise ValueError(_("没有这个选项。"))
        return sorted(set(given))
    text = "" if said is None else str(said).strip()
    if question.kind == "single" and text and text not in codes:
        raise ValueError(_("没有这个选项。"))
    if question.kind == "number" and text:
        if not text.isascii() or not text.isdecimal() or int(text) > LARGEST:
            raise ValueError(_("请填写数字。"))
        return int(text)
    if len(text) > LONGEST:
        raise ValueError(_("最多 %(most)s 个字。") % {"most": LONGEST})
    return text


def _english() -> bool:
    return (get_language() or "").startswith("en")
