"""What a model is told of a crash, when a user has it asked: the explanation, and the code it went through.

Secrets are taken out of every item. It must not know who answers, nor how the answer is shown.
"""

from collections.abc import Iterator

from sleeplsp.answers.why.cause import Found
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.telling import lines
from sleeplsp.core.facts import MODULE
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.prompts.ask import Item
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN
from sleeplsp.prompts.redacted import Redact

SYMBOLS_MAX = 6
"""Functions whose code is sent, those nearest to the crash first."""


def question(found: Found, redact: Redact) -> str:
    """Return what is asked of a model."""
    error = f"{found.exception}: {found.message}" if found.message else found.exception
    return redact(f"What is the cause of this error, and where should it be mended? {error}").text


def items(found: Found, known: Known, redact: Redact, tokens_max: int) -> tuple[Item, ...]:
    """Return the lines of an explanation and the code of its functions, as it fits."""
    bytes_max = tokens_max * ESTIMATE_BYTES_PER_TOKEN
    taken: list[Item] = []
    for each in (*_told(found, redact), *_code(found, known, redact)):
        size = len(each.sent.encode("utf-8", "replace"))
        if size <= bytes_max:
            taken.append(each)
            bytes_max -= size
    return tuple(taken)


def _told(found: Found, redact: Redact) -> Iterator[Item]:
    crash = found.crash
    where = ref_of(crash.path, crash.symbol) if crash is not None else ""
    yield from (Item(kind="claim", where=where, text=redact(each).text) for each in lines(found))


def _code(found: Found, known: Known, redact: Redact) -> Iterator[Item]:
    crash = found.crash
    refs = [ref_of(crash.path, crash.symbol)] if crash is not None else []
    refs += [ref_of(each.path, each.symbol) for each in reversed(found.steps)]
    for ref in list(dict.fromkeys(refs))[:SYMBOLS_MAX]:
        symbol, reading = known.symbol(ref), known.reading(path_in(ref))
        if symbol is not None and reading is not None and symbol.id != MODULE:
            code = redact(reading.text.slice(symbol.start, symbol.end)).text
            yield Item(kind="code", where=ref, text=code)
