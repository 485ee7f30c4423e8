"""The Workspace: after any edits what it shows stands where it stood, and is doubted where it was touched."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Evidence, Place, Severity, Support, Suspicion
from sleeplsp.core.languages import CALLABLE_KINDS, languages
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims, SymbolClaims, spot
from sleeplsp.core.snapshot import TOUCHED, OpenModule
from sleeplsp.core.syntax import is_whole
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.shifting import Change
from sleeplsp.engine.workspace import Workspace
from tests.random_edits import nodes

PATH = "pkg/a.py"
PYTHON = languages()["python"]

LINES = st.sampled_from(
    [
        "import os",
        "X = 1",
        "def f(a):",
        "def g(b): return b.c",
        "class C:",
        "    y = 2",
        "    def m(self):",
        "        return self.m()",
        "        def inner(): pass",
        "    @property",
        "    return f(1)",
        "# a comment",
        '    """A docstring."""',
        "x = '''",
        "é = '😀'",
        "",
    ]
)
TEXTS = st.lists(LINES, min_size=3, max_size=14).map("\n".join)
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 12),
        st.sampled_from(["", "x", "\n", "  ", "def h(): 1\n", '"', "é"]),
    ),
    min_size=1,
    max_size=6,
)
Edit = tuple[float, int, str]


def opened(source: str) -> Workspace:
    workspace = Workspace()
    workspace.open(PATH, PYTHON, 1, Text.from_str(source))
    return workspace


def module_of(workspace: Workspace) -> OpenModule:
    return workspace.snapshot.modules[PATH]


def claims_about_everything(module: OpenModule) -> ModuleClaims:
    """Suspect each symbol's first and last token, and link every symbol's name to itself."""
    placing = module.placing
    assert placing is not None
    symbols = {}
    for symbol in module.symbols:
        place = placing.place(symbol.id, symbol.start, symbol.end)
        assert place is not None
        suspicion = suspect(f"{PATH}::{symbol.id}", symbol.digest, place)
        where = spot(PATH, module.text, symbol.start, symbol.end)
        located = LocatedSuspicion(suspicion, where, (where,))
        symbols[symbol.id] = SymbolClaims(symbol.digest, (), (located,))
    links = {Link(each.name_start, each.name_end, f"{PATH}::{each.id}") for each in module.symbols}
    return ModuleClaims(
        path=PATH,
        text_digest=text_digest(module.text),
        symbols=symbols,
        links=tuple(sorted(links, key=lambda each: each.start)),
    )


def suspect(ref: str, digest: str, place: Place) -> Suspicion:
    return Suspicion(
        category="none-dereference",
        symbol=ref.partition("::")[2],
        place=place,
        quote="",
        message="",
        severity=Severity.WARNING,
        evidence=(Evidence(place, "", ""),),
        support=(Support(ref, digest),),
        id=ref,
    )


def edit(workspace: Workspace, edits: list[Edit]) -> bytes:
    """Make edits one by one; return the text that a plain splice of bytes gives."""
    naive = module_of(workspace).text.source
    for share, length, inserted in edits:
        characters = naive.decode()
        start = int(share * len(characters))
        first = len(characters[:start].encode())
        last = len(characters[: start + length].encode())
        insert = inserted.encode()
        naive = naive[:first] + insert + naive[last:]
        change = Change(first, last, len(insert))
        workspace.edit(PATH, 2, [(change, module_of(workspace).text.replaced(first, last, insert))])
    return naive


@given(TEXTS, EDITS)
def test_all_that_is_shown_stands_inside_of_the_text_and_says_what_it_said(
    source: str, edits: list[Edit]
) -> None:
    workspace = opened(source)
    workspace.learn(claims_about_everything(module_of(workspace)))
    before = module_of(workspace)
    quotes = {each.claim.suspicion.id: before.text.slice(each.start, each.end) for each in before.marks}
    names = {each.ref: before.text.slice(each.start, each.end) for each in before.links}
    assert edit(workspace, edits) == module_of(workspace).text.source
    after = module_of(workspace)
    length = len(after.text.source)
    for mark in after.marks:
        assert 0 <= mark.start <= mark.end <= length
        assert mark.start <= mark.comment_at <= length
        assert after.text.slice(mark.start, mark.end) == quotes[mark.claim.suspicion.id]
        assert all(span is None or 0 <= span[0] <= span[1] <= length for span in mark.steps)
    for link in after.links:
        assert after.text.slice(link.start, link.end) == names[link.ref]
    assert list(after.links) == sorted(after.links, key=lambda each: each.start)
    for symbol in after.symbols:
        assert 0 <= symbol.start <= symbol.name_start <= symbol.name_end <= symbol.end <= length


@given(TEXTS, EDITS)
def test_a_symbol_that_keeps_its_digest_has_not_changed(source: str, edits: list[Edit]) -> None:
    workspace = opened(source)
    before = module_of(workspace)
    edit(workspace, edits)
    after = module_of(workspace)
    for old, new in zip(before.symbols, after.symbols, strict=True):
        if after.digests[new.id] == TOUCHED or old.kind not in CALLABLE_KINDS:
            continue
        assert after.digests[new.id] == old.digest
        kept = after.text.slice(new.start, new.end)
        assert kept == before.text.slice(old.start, old.end)


@given(TEXTS, EDITS)
def test_what_an_edit_leaves_alone_keeps_its_digest(source: str, edits: list[Edit]) -> None:
    """Symbols that end before the first byte that is edited, or begin behind the last, are untouched."""
    workspace = opened(source)
    before = module_of(workspace)
    (share, length, _) = edits[0]
    start = len(source[: int(share * len(source))].encode())
    end = len(source[: int(share * len(source)) + length].encode())
    edit(workspace, edits[:1])
    after = module_of(workspace)
    untouched = [each for each in before.symbols if each.end < start or end < each.start]
    assert all(after.digests[each.id] == each.digest for each in untouched)


@given(TEXTS, EDITS)
def test_once_settled_all_is_as_if_opened_afresh(source: str, edits: list[Edit]) -> None:
    workspace = opened(source)
    claims = claims_about_everything(module_of(workspace))
    workspace.learn(claims)
    naive = edit(workspace, edits)
    workspace.settle(PATH)
    assert workspace.unsettled == ()
    settled = module_of(workspace)
    other = opened(naive.decode())
    other.learn(claims)
    fresh = module_of(other)
    assert list(nodes(settled.tree)) == list(nodes(fresh.tree))
    assert settled.symbols == fresh.symbols
    assert settled.digests == fresh.digests
    assert settled.marks == fresh.marks
    for mark in settled.marks:
        assert settled.digests[mark.claim.suspicion.symbol] != TOUCHED


@settings(max_examples=200)
@given(TEXTS, EDITS)
def test_a_class_and_the_module_keep_their_digest_exactly_if_a_member_holds_the_edit(
    source: str, edits: list[Edit]
) -> None:
    """Whatever keeps its digest while unsettled has that very digest when the text is read afresh.

    Unless the edit changed where things begin and end: that is seen only when the text settles.
    """
    workspace = opened(source)
    was_whole = is_whole(module_of(workspace).tree)
    edit(workspace, edits[:1])
    shape = [(each.id, each.start, each.end) for each in module_of(workspace).symbols]
    kept = {each: one for each, one in module_of(workspace).digests.items() if one != TOUCHED}
    workspace.settle(PATH)
    settled = module_of(workspace)
    same_shape = [(each.id, each.start, each.end) for each in settled.symbols] == shape
    if same_shape and was_whole and is_whole(settled.tree):
        assert {each: settled.digests[each] for each in kept} == kept


def test_an_edit_of_a_class_variable_touches_class_and_not_its_methods() -> None:
    workspace = opened("class C:\n    x = 1\n\n    def m(self):\n        pass\n")
    at = workspace.snapshot.modules[PATH].text.source.index(b"1")
    edit(workspace, [(at / len(module_of(workspace).text.source), 1, "x")])
    digests = module_of(workspace).digests
    assert digests["C"] == TOUCHED
    assert digests["C.m"] != TOUCHED
    assert digests[MODULE] != TOUCHED


def test_an_edit_of_a_module_variable_touches_the_module() -> None:
    workspace = opened("x = 1\n\n\ndef f():\n    pass\n")
    edit(workspace, [(0.2, 1, "x")])
    assert module_of(workspace).digests[MODULE] == TOUCHED
    assert module_of(workspace).digests["f"] != TOUCHED


def test_links_survive_an_edit_elsewhere_and_go_where_the_code_around_has_changed() -> None:
    source = "import os\n\n\ndef f():\n    g()\n\n\ndef g():\n    f()\n"
    workspace = opened(source)
    text = module_of(workspace).text.source
    links = (
        Link(text.index(b"g()"), text.index(b"g()") + 1, f"{PATH}::g"),
        Link(text.rindex(b"f()"), text.rindex(b"f()") + 1, f"{PATH}::f"),
    )
    digest = text_digest(module_of(workspace).text)
    workspace.learn(ModuleClaims(path=PATH, text_digest=digest, symbols={}, links=links))
    edit(workspace, [(text.index(b"g()") / len(text), 0, "f = 1; ")])
    workspace.settle(PATH)
    assert [each.ref for each in module_of(workspace).links] == [f"{PATH}::f"]
    edit(workspace, [(0, 0, "from x import f\n")])  # now `f` may be another
    workspace.settle(PATH)
    assert module_of(workspace).links == ()


def test_links_of_another_text_are_not_taken() -> None:
    workspace = opened("f()\n")
    link = Link(0, 1, f"{PATH}::f")
    workspace.learn(ModuleClaims(path=PATH, text_digest="other", symbols={}, links=(link,)))
    assert module_of(workspace).links == ()


def test_claims_that_come_while_somebody_types_are_placed_when_the_text_settles() -> None:
    workspace = opened("def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    claims = claims_about_everything(module_of(workspace))
    edit(workspace, [(0.3, 0, "#")])
    workspace.learn(claims)
    assert module_of(workspace).marks == ()
    workspace.settle(PATH)
    assert [each.claim.suspicion.symbol for each in module_of(workspace).marks] == ["g"]


def test_a_claim_about_code_in_a_module_that_is_not_open_holds_until_that_is_touched() -> None:
    workspace = opened("def f(): pass\n")
    support = (Support("pkg/b.py::g", "digest"),)
    assert workspace.snapshot.is_fresh(support)
    workspace.touch(["pkg/b.py", PATH])
    assert not workspace.snapshot.is_fresh(support)
    assert workspace.snapshot.changed == {"pkg/b.py"}, "what is open is known"
    workspace.rethought(workspace.touches())
    assert workspace.snapshot.is_fresh(support)


def test_what_was_unsaved_in_a_closed_module_is_doubted() -> None:
    workspace = opened("def f(): pass\n")
    support = (Support(f"{PATH}::f", module_of(workspace).digests["f"]),)
    assert workspace.snapshot.is_fresh(support)
    workspace.close(PATH)
    assert not workspace.snapshot.is_fresh(support)
    workspace.open(PATH, PYTHON, 1, Text(b"def f(): pass\n"))
    assert workspace.snapshot.is_fresh(support), "it is open: its digest says what it is"


def test_what_is_not_open_is_left_alone() -> None:
    workspace = opened("x = 1\n")
    snapshot = workspace.snapshot
    workspace.edit("other.py", 2, [])
    workspace.settle("other.py")
    workspace.close("other.py")
    assert not workspace.learn(ModuleClaims(path="other.py", text_digest="", symbols={}))
    assert workspace.snapshot == snapshot
