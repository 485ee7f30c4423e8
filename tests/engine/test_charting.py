"""Charts: whatever stands in a module stands in its chart, where it stands, in every unit."""

import pytest

from sleeplsp.core import atlas
from sleeplsp.core.atlas import Atlas, Batch
from sleeplsp.core.context import Contexts
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.located import spot
from sleeplsp.core.text import Text
from sleeplsp.engine.charter import BATCH_MAX, Charter
from sleeplsp.engine.charting import chart, reached
from tests.core.test_resolution import CASES
from tests.resolution_cases import index_of, plain

WIDE = """\
class Größe:
    größte = "😀"; kleinste = lambda: "ß"
    def prüfe(self): return "€ 😀", self.prüfe(), str(self.prüfe()), "ä"
    def kurz(self): return "😀"

größe = "😀", Größe(), Größe()
"""

WORKSPACES = {
    **{name: {path: plain(text) for path, text in case.files.items()} for name, case in CASES.items()},
    "wide characters": {"größe.py": WIDE},
    "lone carriage returns": {"a.py": WIDE.replace("\n", "\r")},
    "lines of a network": {"a.py": WIDE.replace("\n", "\r\n")},
    "nothing": {"a.py": ""},
}


@pytest.mark.parametrize("files", WORKSPACES.values(), ids=WORKSPACES)
def test_a_chart_tells_what_stands_where(files: dict[str, str]) -> None:
    index = index_of(files)
    contexts = Contexts(index)
    for path, facts in index.modules.items():
        text = Text.from_str(files[path])
        drawn = chart(facts, reached(facts, contexts), text)
        assert [*atlas.definitions(drawn)] == [
            atlas.Definition(
                each.id,
                each.kind,
                spot(path, text, each.name_start, each.name_end),
                spot(path, text, each.start, each.end),
            )
            for each in facts.symbols
        ]
        for each in atlas.definitions(drawn):
            assert atlas.definition(drawn, each.symbol) == each
        expected = _calls(facts, contexts, text)
        for caller in (MODULE, *(each.id for each in facts.symbols)):
            found = [*atlas.calls_in(drawn, caller)]
            assert sorted(found, key=repr) == [each for each in expected if each.caller == caller]
        for ref in {each.ref for each in expected}:
            found = [*atlas.calls_to(drawn, ref)]
            assert sorted(found, key=repr) == [each for each in expected if each.ref == ref]
            assert ref.partition("::")[0] in {
                called for called in files if drawn in Atlas({path: drawn}).callers_of(called)
            }


def _calls(facts: ModuleFacts, contexts: Contexts, text: Text) -> list[atlas.Call]:
    found = []
    for function in facts.functions:
        sites = contexts.of(facts, function).sites
        for call in function.calls:
            if (site := sites.get(call.end)) is not None:
                name = spot(facts.path, text, call.name_start, call.name_end)
                refs = {site.ref, *site.refs}
                found += [atlas.Call(function.symbol, ref, name) for ref in refs]
    return sorted(found, key=repr)


def test_what_a_chart_does_not_hold_it_does_not_tell() -> None:
    index = index_of({"a.py": "def f(): f()\n"})
    (facts,) = index.modules.values()
    drawn = chart(facts, reached(facts, Contexts(index)), Text(b"def f(): f()\n"))
    assert atlas.definition(drawn, "g") is None
    assert [*atlas.calls_in(drawn, "g")] == []
    assert [*atlas.calls_to(drawn, "a.py::g")] == []
    assert [*Atlas({"a.py": drawn}).callers_of("a")] == []
    (top,) = [atlas.definition(drawn, MODULE)]
    assert top is not None
    assert top.name == top.extent


class Workshop:
    """A workspace whose files change, and one who is told of its charts."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = dict(files)
        self.charter = Charter()
        self.atlas = Atlas({})
        self.asked: list[str] = []

    def news(self) -> list[Batch]:
        """Tell of what has changed."""
        index = index_of(self.files)
        batches = [*self.charter.news(index.modules, lambda: self._index(index), self._text)]
        for each in batches:
            self.atlas = self.atlas.updated(each)
        drawn = {
            path: chart(facts, reached(facts, Contexts(index)), Text.from_str(self.files[path]))
            for path, facts in index.modules.items()
        }
        assert self.atlas.charts == drawn, "who listens has what is so"
        return batches

    def _index(self, index: Index) -> Index:
        self.asked.append("index")
        return index

    def _text(self, path: str) -> Text:
        self.asked.append(path)
        return Text.from_str(self.files[path])


THREE = {
    "a.py": "def f(): pass\n",
    "b.py": "from a import f\ndef g(): f()\n",
    "c.py": "def h(): pass\n",
}


def test_only_what_has_changed_is_told_and_looked_at() -> None:
    shop = Workshop(THREE)
    (first,) = shop.news()
    assert first.anew
    shop.asked.clear()
    assert shop.news() == []
    assert shop.asked == []

    shop.files["c.py"] = "def h():\n    return h()\n"
    (batch,) = shop.news()
    assert ([each.path for each in batch.charts], batch.gone, batch.anew) == (["c.py"], (), False)
    assert shop.asked == ["index", "c.py"]

    shop.files["a.py"] = "def e(): pass\n"
    (batch,) = shop.news()
    assert {each.path for each in batch.charts} == {"a.py", "b.py"}, "what b calls is no more"

    del shop.files["a.py"]
    (batch,) = shop.news()
    assert (batch.charts, batch.gone) == ((), ("a.py",))


def test_many_charts_come_in_batches() -> None:
    shop = Workshop({f"m{number}.py": "def f(): f()\n" for number in range(2 * BATCH_MAX + 1)})
    batches = shop.news()
    assert [len(each.charts) for each in batches] == [BATCH_MAX, BATCH_MAX, 1]
    assert [each.anew for each in batches] == [True, False, False]


def test_a_batch_that_nobody_took_comes_again() -> None:
    index = index_of(THREE)
    charter = Charter()
    texts = {path: Text.from_str(text) for path, text in THREE.items()}
    del texts["c.py"]
    (batch,) = charter.news(index.modules, lambda: index, texts.get)
    assert {each.path for each in batch.charts} == {"a.py", "b.py"}
    texts["c.py"] = Text(b"another text")
    assert [*charter.news(index.modules, lambda: index, texts.get)] == []
    texts["c.py"] = Text.from_str(THREE["c.py"])
    (batch,) = charter.news(index.modules, lambda: index, texts.get)
    assert [each.path for each in batch.charts] == ["c.py"]


def test_another_charter_tells_all_anew() -> None:
    shop = Workshop(THREE)
    shop.news()
    del shop.files["b.py"]
    shop.charter = Charter()
    (batch,) = shop.news()
    assert batch.anew
