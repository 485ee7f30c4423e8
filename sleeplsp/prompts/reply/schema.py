"""The form of a reply: as a JSON schema for endpoints, and as limits for whoever reads it.

Strict endpoints want every property required and nothing else allowed; what does not apply is an empty
string. It must not know what makes a claim true.
"""

from collections.abc import Mapping
from typing import Any

from sleeplsp.core.insight import Severity
from sleeplsp.prompts.prompt import Schema

KINDS = ("returns", "raises", "mutates", "pure", "requires", "state")
"""Of invariants; `state`: what holds of a class or module at any time."""

CATEGORIES: Mapping[str, str] = {
    "wrong-condition": "A condition asks something else than what was meant",
    "wrong-boundary": "Off by one, or the empty case is forgotten",
    "missing-value": "A value may be missing here and is used all the same",
    "wrong-exception": "An exception is lost, or another one is meant",
    "wrong-value": "Another value, variable or order of arguments was meant",
    "stale-state": "State that is shared or remembered goes out of step",
    "unreleased-resource": "What is taken is not given back on some path",
    "race": "What happens at the same time gets in its way",
    "broken-promise": "The code does not do what its name or documentation promises",
    "unsafe-input": "Input from outside is trusted",
}
"""Of suspicions, each with what it means; none of them is the name of a check."""

SEVERITIES = (Severity.ERROR.value, Severity.WARNING.value, Severity.NOTE.value)

SYMBOL_MAX = 200
SENTENCE_MAX = 400
ANSWER_MAX = 800
QUOTE_MAX = 400
FIX_MAX = 800
CHECK_MAX = 200
SUMMARY_MAX = 500
"""Characters."""

INVARIANTS_MAX = 12
SUSPICIONS_MAX = 6
QUESTIONS_MAX = 8
EVIDENCE_MAX = 4
RETRACTED_MAX = 16

REPLY_CHARACTERS_MAX = 200_000
"""What is longer is no reply."""


def _text(length_max: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": length_max}


def _one_of(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _list(items: dict[str, Any], count_max: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": count_max}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_EVIDENCE = _object(symbol=_text(SYMBOL_MAX), quote=_text(QUOTE_MAX), sentence=_text(SENTENCE_MAX))

REPLY = Schema(
    "insight",
    _object(
        summary=_text(SUMMARY_MAX),
        invariants=_list(
            _object(
                symbol=_text(SYMBOL_MAX),
                kind=_one_of(KINDS),
                sentence=_text(SENTENCE_MAX),
                check=_text(CHECK_MAX),
            ),
            INVARIANTS_MAX,
        ),
        suspicions=_list(
            _object(
                symbol=_text(SYMBOL_MAX),
                quote=_text(QUOTE_MAX),
                evidence=_list(_EVIDENCE, EVIDENCE_MAX),
                message=_text(SENTENCE_MAX),
                category=_one_of(tuple(CATEGORIES)),
                severity=_one_of(SEVERITIES),
                fix=_text(FIX_MAX),
            ),
            SUSPICIONS_MAX,
        ),
        questions=_list(
            _object(symbol=_text(SYMBOL_MAX), question=_text(SENTENCE_MAX), answer=_text(ANSWER_MAX)),
            QUESTIONS_MAX,
        ),
        retracted=_list(_text(SYMBOL_MAX), RETRACTED_MAX),
    ),
)
"""Of the sleep: what is wrong is quoted and reasoned about before it is named."""

VERDICTS = ("stands", "refuted", "unsure")

VERDICT = Schema("verdict", _object(reason=_text(SENTENCE_MAX), verdict=_one_of(VERDICTS)))
"""Of the critic: the reason comes first."""
