"""The form of an item for one person: what the net knows, what is asked now, what may be (INF-04)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from yiwang.matters.rules.questions import deciding
from yiwang.residents.models import Resident
from yiwang.residents.reads import Known, Limits, dictionary, known_fields, limits_on
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import InvalidValue, clean_value

from . import Planned, Variants, variants_for
from .papers import PaperLine, paper_lines


@dataclass
class Asking:
    """`typed` as a draft keeps it: answers, fixing (known ones typed anew), confirmed (outdated ones
    that still hold), overridden (restricted ones used by a legal duty), variant; and `supplied`, for
    which the register is not asked at all.
    """

    plan: Planned
    resident: Resident
    typed: Mapping[str, Any]

    @cached_property
    def _form(self) -> list[str]:
        words = dictionary()
        return [code for code in self.plan.guide.fields if code in words]

    @cached_property
    def _on_file(self) -> dict[str, Known]:
        supplied = set(self.typed.get("supplied", ()))
        codes = [code for code in self._possible(supplied) if code not in supplied]
        return known_fields(self.resident, codes, timezone.localdate()) if codes else {}

    def _possible(self, supplied: AbstractSet[str]) -> list[str]:
        """The items worth looking up: without those that the answers sent rule out already."""
        when = self.plan.guide.asked_when
        if not {rule.code for one in when.values() for rule in one.rules} <= supplied:
            return self._form
        applying = set(self.plan.guide.form_for(self._typed_answers()))
        return [code for code in self._form if code in applying]

    @cached_property
    def limits(self) -> Limits:
        return limits_on(self.resident)

    @cached_property
    def held(self) -> dict[str, Known]:
        """What may be used: without what the person restricted, unless a legal duty was named."""
        used = self.typed.get("overridden", [])
        return {
            code: one
            for code, one in self._on_file.items()
            if code in used or not self.limits.on(code)
        }

    @cached_property
    def _said(self) -> dict[str, str]:
        """Every answer there is, typed now or held, as it is kept."""
        held = {code: one.value for code, one in self.held.items()}
        typed = self._typed_answers()
        fixed = {code: typed[code] for code in self.fixing if typed.get(code)}
        return {**typed, **held, **fixed}

    def _typed_answers(self) -> dict[str, str]:
        words, found = dictionary(), dict[str, str]()
        for code, text in self.typed.get("answers", {}).items():
            if code in words:
                try:
                    found[code] = clean_value(words[code], text)
                except InvalidValue:
                    found[code] = ""
        return found

    @cached_property
    def codes(self) -> list[str]:
        """The items of the form for this person, as far as the answers say yet."""
        applying = set(self.plan.guide.form_for(self._said, self.variant))
        return [code for code in self._form if code in applying]

    @property
    def maybe(self) -> list[str]:
        """Items that may yet be asked: what they depend on is still open."""
        when, found = self.plan.guide.asked_when, list[str]()
        for code in self._form:
            if code in self.codes or code not in when:
                continue
            sources = {rule.code for rule in when[code].rules}
            if sources & {*self.asked, *found, ""}:
                found.append(code)
        return found

    @property
    def deciding(self) -> set[str]:
        """The asked items whose answer opens or closes another question."""
        return deciding(self.plan.guide.asked_when, self.asked)

    @property
    def left_out(self) -> list[tuple[Field, str]]:
        """What is on file and is not used, with the reason."""
        return [
            (self._on_file[code].field, self.limits.why(code))
            for code in self.codes
            if code in self._on_file and code not in self.held
        ]

    @property
    def fixing(self) -> list[str]:
        return [code for code in self.typed.get("fixing", []) if code in self.held]

    @property
    def known(self) -> list[Known]:
        """What stands as it is, in the order of the form; what is outdated comes last."""
        stands = [self.held[code] for code in self.codes if self._stands(code)]
        return sorted(stands, key=lambda one: not self.is_fresh(one))

    def _stands(self, code: str) -> bool:
        return code in self.held and code not in self.fixing

    @property
    def asked(self) -> list[str]:
        """What is typed now: corrections and everything nobody knows yet."""
        missing = [code for code in self.codes if code not in self.held]
        return [*(code for code in self.fixing if code in self.codes), *missing]

    def is_fresh(self, known: Known) -> bool:
        return known.fresh or known.code in self.typed.get("confirmed", [])

    @property
    def outdated(self) -> list[Known]:
        return [one for one in self.known if not self.is_fresh(one)]

    @cached_property
    def variants(self) -> Variants:
        return variants_for(self.plan.guide, self.resident, timezone.localdate())

    @property
    def variant(self) -> str:
        """The variant chosen; the only one where there is one alone; empty while none is."""
        chosen = str(self.typed.get("variant", ""))
        if not chosen and len(self.variants.allowed) == 1:
            return self.variants.allowed[0].code
        return chosen if chosen in self.variants.codes else ""

    @property
    def variant_missing(self) -> bool:
        return bool(self.plan.guide.variants) and not self.variant

    @property
    def papers(self) -> list[PaperLine]:
        return paper_lines(self.plan.guide, self.resident, self.held, self.typed)
