"""The form of a reply: as a JSON schema for endpoints, and as limits for whoever reads it.

Strict endpoints want every property required and nothing else allowed; what does not apply is an empty
string. Names of symbols are enumerated where they are few: a model held to the schema can name no other.
It must not know what makes a claim true.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sleeplsp.core.insight import Severity
from sleeplsp.prompts.prompt import A_SYMBOL, ANY_SYMBOL, Schema, symbols_named

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

SENTENCE_MAX = 400
ANSWER_MAX = 800
QUOTE_MAX = 400
FIX_MAX = 800
CHECK_MAX = 200
SUMMARY_MAX = 500
WAY_MAX = 160
"""Characters."""

INVARIANTS_MAX = 12
SUSPICIONS_MAX = 6
QUESTIONS_MAX = 8
WAYS_MAX = 3
EVIDENCE_MAX = 4
RETRACTED_MAX = 16

NAMES_MAX = 250
NAMES_CHARACTERS_MAX = 4_000
"""Of symbols that are enumerated: endpoints take 1,000 values in all, and of a list of more than 250 no long
ones; and what they take has to be paid for."""

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


_PLAIN = re.compile(r"[\w.#$]+|<module>")


def _reply(symbol: dict[str, Any]) -> dict[str, Any]:
    evidence = _object(symbol=symbol, quote=_text(QUOTE_MAX), sentence=_text(SENTENCE_MAX))
    return _object(
        summary=_text(SUMMARY_MAX),
        invariants=_list(
            _object(
                symbol=symbol,
                kind=_one_of(KINDS),
                sentence=_text(SENTENCE_MAX),
                check=_text(CHECK_MAX),
            ),
            INVARIANTS_MAX,
        ),
        suspicions=_list(
            _object(
                symbol=symbol,
                quote=_text(QUOTE_MAX),
                evidence=_list(evidence, EVIDENCE_MAX),
                message=_text(SENTENCE_MAX),
                category=_one_of(tuple(CATEGORIES)),
                severity=_one_of(SEVERITIES),
                fix=_text(FIX_MAX),
            ),
            SUSPICIONS_MAX,
        ),
        questions=_list(
            _object(
                symbol=symbol,
                question=_text(SENTENCE_MAX),
                answer=_text(ANSWER_MAX),
                ways=_list(_text(WAY_MAX), WAYS_MAX),
            ),
            QUESTIONS_MAX,
        ),
        retracted=_list(ANY_SYMBOL, RETRACTED_MAX),
    )


REPLY = Schema("insight", _reply(ANY_SYMBOL))
"""Of the sleep: what is wrong is quoted and reasoned about before it is named."""


def reply_schema(symbols: Iterable[str]) -> Schema:
    """Return the form of a reply about a module with these symbols, in whatever order they come."""
    names = sorted(set(symbols))
    is_short = len(names) <= NAMES_MAX and sum(map(len, names)) <= NAMES_CHARACTERS_MAX
    # What is more than a name would be a text of the repository among our own words.
    if not names or not is_short or not all(map(_PLAIN.fullmatch, names)):
        return REPLY
    return Schema(REPLY.name, {**_reply(A_SYMBOL), **symbols_named(names)})


VERDICTS = ("stands", "refuted", "unsure")

VERDICT = Schema("verdict", _object(reason=_text(SENTENCE_MAX), verdict=_one_of(VERDICTS)))
"""Of the critic: the reason comes first."""
