"""Retrieving: what of all that is known a model is told with a question, within a budget of tokens.

What was thought of beforehand goes before raw code, and what has words in common with the question before
what has not. Secrets are taken out of every item here. It must not know who answers.
"""

from collections.abc import Iterable, Iterator

from sleeplsp.answers.ask.wording import wording
from sleeplsp.answers.calls import incoming
from sleeplsp.answers.definitions import read
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import graded
from sleeplsp.core.located import SymbolClaims
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.text import text_digest
from sleeplsp.prompts.ask import Item
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN
from sleeplsp.prompts.redacted import Redact

SIGNATURE_LINES = 6
CALLERS_MAX = 8
CODE_SHARE = 0.6
"""Of the budget, what the code of one symbol may take: what is longer is cut."""

_WEIGHTS = {"claim": 3.0, "question": 3.0, "code": 4.0, "signature": 1.0, "caller": 0.5}
_NEARER = 0.7
"""How much less what stands further from where a question is asked is worth, symbol by symbol."""


def retrieve(
    snapshot: Snapshot, question: str, refs: tuple[str, ...], tokens_max: int, redact: Redact
) -> tuple[Item, ...]:
    """Return what is known of symbols, the nearest first, and of their modules; best first, as it fits."""
    words = set(wording(question).words)
    bytes_max = tokens_max * ESTIMATE_BYTES_PER_TOKEN
    found: dict[Item, float] = {}
    modules = (ref_of(path_in(ref), MODULE) for ref in refs)
    for distance, ref in enumerate(dict.fromkeys((*refs, *modules))):
        for each in _items(snapshot, ref, int(bytes_max * CODE_SHARE), redact):
            found.setdefault(each, _worth(each, words) * _NEARER**distance)
    taken: list[Item] = []
    for each in sorted(found, key=lambda each: -found[each]):
        size = len(each.sent.encode("utf-8", "replace"))
        if size <= bytes_max:
            taken.append(each)
            bytes_max -= size
    return tuple(taken)


def worth_opening(snapshot: Snapshot, refs: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of symbols, and of what these call: what `retrieve` looks into."""
    found: dict[str, None] = {}
    for ref in refs:
        path, _, symbol = ref.partition("::")
        found[path] = None
        module = read(snapshot, path)
        if module is not None:
            called = (each.ref for each in module.links if each.caller == symbol)
            found.update(dict.fromkeys(map(path_in, called)))
    return tuple(found)


def _worth(item: Item, words: set[str]) -> float:
    """Return how much an item is likely to help, by kind and words."""
    common = len(words & set(wording(item.text).words))
    return _WEIGHTS[item.kind] * (1 + common / max(len(words), 1))


def _items(snapshot: Snapshot, ref: str, code_bytes: int, redact: Redact) -> Iterator[Item]:
    path, _, symbol_id = ref.partition("::")
    module = read(snapshot, path)
    if module is None:
        return

    def item(kind: str, where: str, text: str) -> Item:
        return Item(kind=kind, where=where, text=redact(text).text)

    claims = snapshot.claims_of(module, symbol_id)
    if claims is not None:
        yield from (item(*told) for told in _claims(snapshot, ref, claims))
    if symbol_id == MODULE:
        claimed = module.claims
        if claimed is not None and claimed.summary and claimed.text_digest == text_digest(module.text):
            yield item("claim", path, claimed.summary)
        return
    symbol = next((each for each in module.symbols if each.id == symbol_id), None)
    if symbol is not None:
        code = redact(module.text.slice(symbol.start, symbol.end)).text
        yield Item(kind="code", where=ref, text=_cut(code, code_bytes))
    called = dict.fromkeys(each.ref for each in module.links if each.caller == symbol_id and each.ref != ref)
    for other in called:
        if (signature := _signature(snapshot, other)) is not None:
            yield item("signature", other, signature)
        if (claims := _linked(snapshot, module, other)) is not None:
            yield from (item(*told) for told in _claims(snapshot, other, claims) if told[0] == "claim")
    for each in incoming(snapshot, ref)[:CALLERS_MAX]:
        yield item("caller", each.symbol.ref, "calls it")


def _claims(snapshot: Snapshot, ref: str, claims: SymbolClaims) -> Iterator[tuple[str, str, str]]:
    for each in snapshot.fresh_invariants(claims):
        yield "claim", ref, f"{each.sentence} ({graded(each.grade, each.votes, each.runs)})"
    for located in claims.suspicions:
        suspicion = located.suspicion
        if snapshot.is_current(suspicion):
            grade = graded(suspicion.grade, suspicion.votes)
            yield "claim", ref, f"Suspected in `{suspicion.quote}`: {suspicion.message} ({grade})"
    for question in snapshot.fresh_questions(claims):
        yield "question", ref, f"{question.question} {question.answer}"


def _linked(snapshot: Snapshot, module: OpenModule, ref: str) -> SymbolClaims | None:
    path, _, symbol = ref.partition("::")
    target = read(snapshot, path)
    if target is not None:
        return snapshot.claims_of(target, symbol)
    return module.claims.linked.get(ref) if module.claims is not None else None


def _signature(snapshot: Snapshot, ref: str) -> str | None:
    """Return the first lines of a function or class of an open module."""
    path, _, symbol_id = ref.partition("::")
    module = read(snapshot, path)
    if module is None:
        return None
    symbol = next((each for each in module.symbols if each.id == symbol_id), None)
    if symbol is None:
        return None
    return "\n".join(module.text.slice(symbol.start, symbol.end).splitlines()[:SIGNATURE_LINES])


def _cut(text: str, bytes_max: int) -> str:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= bytes_max:
        return text
    return encoded[:bytes_max].decode("utf-8", "ignore").rpartition("\n")[0] + "\n..."
