"""Known questions: those that were anticipated of a symbol of an open module, as far as their answers hold.

It must not know how a question is compared with them.
"""

import re
from collections.abc import Iterator

from sleeplsp.answers.ask.matching import Known
from sleeplsp.core.facts import MODULE
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.symbols import Symbol

_NAME = re.compile(r"[^\W\d]\w*")
PARAMETERS_BYTES_MAX = 4_000
"""Bytes behind a symbol's name that are looked through for its parameters."""


def known_questions(snapshot: Snapshot, module: OpenModule, symbol_id: str) -> Iterator[Known]:
    """Yield what was anticipated of a symbol, `<module>` included, and is fresh."""
    claims = snapshot.claims_of(module, symbol_id)
    if claims is None or not claims.questions:
        return
    symbol = next((each for each in module.symbols if each.id == symbol_id), None)
    own = called(module.path, symbol_id)
    others = {each.name for each in module.symbols if each.name.lower() not in own}
    names = parameters_of(module, symbol) if symbol is not None else frozenset()
    for question in snapshot.fresh_questions(claims):
        yield Known(
            ref=ref_of(module.path, symbol_id),
            question=question,
            own=own,
            names=names - own,
            others=frozenset(others - names),
        )


def called(path: str, symbol_id: str) -> frozenset[str]:
    """Return the words by which a symbol is called, in lower case, with those of what it is part of."""
    if symbol_id == MODULE:
        return frozenset({path.rpartition("/")[2].partition(".")[0].lower()})
    return frozenset(each.partition("#")[0].lower() for each in symbol_id.split("."))


def parameters_of(module: OpenModule, symbol: Symbol) -> frozenset[str]:
    """Return the names that stand in the parentheses behind a symbol's name, in lower case."""
    end = min(symbol.end, symbol.name_end + PARAMETERS_BYTES_MAX)
    text = module.text.slice(symbol.name_end, end)
    opening = text.find("(")
    if opening < 0 or text[:opening].strip():
        return frozenset()
    depth, closing = 0, len(text)
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and character == ")":
            closing = index
            break
    return frozenset(each.lower() for each in _NAME.findall(text[opening:closing]))
