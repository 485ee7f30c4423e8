"""Cases of resolution: small workspaces in which every line with calls says what each of them reaches.

    obj.m(f())  #> a.py::f; bound a.py::A.m | b.py::B.m

In the order in which they end: a function by its reference; `bound` a method that is given its object, with
the methods of subclasses that may run instead; `class` with the `__init__` that runs (`perhaps`: a call may
not give an object of it); what is called besides (`object of`, `module`, `awaitable of`); `outside` with a
dotted name for what lies outside the workspace; `?` for what is not certain. Builtins go without saying.
"""

import re
from collections.abc import Mapping

from sleeplsp.core.context import Contexts, Site
from sleeplsp.core.facts import CallSite, FunctionFacts, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.languages import language_of
from sleeplsp.core.reading import read
from sleeplsp.core.resolved import Kind, Resolved
from sleeplsp.core.text import Text

_MARK = re.compile(r"  #> .*$", re.MULTILINE)

_WORDS = {
    Kind.METHOD: "bound ",
    Kind.CLASS: "class ",
    Kind.MODULE: "module ",
    Kind.INSTANCE: "object of ",
    Kind.COROUTINE: "awaitable of ",
    Kind.EXTERNAL: "outside ",
    Kind.EXTERNAL_INSTANCE: "object of outside ",
}


def plain(text: str) -> str:
    """Return a file without what it says of its calls."""
    return _MARK.sub("", text)


def index_of(files: Mapping[str, str]) -> Index:
    """Read a workspace of plain files."""
    return Index({path: _facts(path, text) for path, text in files.items()})


def resolved(files: Mapping[str, str]) -> dict[str, str]:
    """Return plain files with what each call reaches written behind its line."""
    index = index_of(files)
    contexts = Contexts(index)
    return {path: _marked(path, text, contexts) for path, text in files.items()}


def _facts(path: str, text: str) -> ModuleFacts:
    language = language_of(path)
    assert language is not None
    return read(path, language, Text.from_str(text)).facts


def _marked(path: str, characters: str, contexts: Contexts) -> str:
    text, facts = Text.from_str(characters), contexts.index.modules[path]
    told: dict[int, list[str]] = {}
    calls = [(call, function) for function in facts.functions for call in function.calls]
    for call, function in sorted(calls, key=lambda each: each[0].end):
        if said := _told(facts, function, call, contexts):
            told.setdefault(text.line_of(call.name_end), []).append(said)
    lines = characters.splitlines()
    return "".join(
        f"{line}  #> {'; '.join(told[number])}\n" if number in told else f"{line}\n"
        for number, line in enumerate(lines)
    )


def _told(facts: ModuleFacts, function: FunctionFacts, call: CallSite, contexts: Contexts) -> str:
    found = contexts.index.resolve(facts.path, function.owner, call.callee) if call.callee else None
    site = contexts.of(facts, function).sites.get(call.end)
    if found is None:
        assert site is None
        return "?"
    if found.ref.startswith("builtins."):
        return ""
    return f"{_WORDS.get(found.kind, '')}{found.ref}{_reached(found, site)}"


def _reached(found: Resolved, site: Site | None) -> str:
    if site is None:
        return ""
    assert (site.kind, site.ref, site.given) == (
        found.kind,
        found.ref,
        found.kind in (Kind.METHOD, Kind.CLASS),
    )
    if site.kind is Kind.CLASS:
        return ("" if site.makes else " perhaps") + (f" by {' | '.join(site.refs)}" if site.refs else "")
    assert site.refs[:1] in ((found.ref,), ())
    return "".join(f" | {each}" for each in site.refs[1:]) if site.refs else " | ..."
