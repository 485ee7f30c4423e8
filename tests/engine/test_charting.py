"""Charts: whatever stands in a module stands in its chart, where it stands, in every unit."""

import pytest

from sleeplsp.core import atlas
from sleeplsp.core.atlas import Atlas, Batch
from sleeplsp.core.context import Contexts
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.located import spot
from sleeplsp.core.text import Text
from sleeplsp.engine.charter import BATCH_MAX, Charter
from sleeplsp.engine.charting import chart, reached
from sleeplsp.engine.knowledge import Knowledge
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
        self.knowledge = Knowledge()
        self.knowledge.begin(index_of(files).modules, {}, trusted=False)
        self.charter = Charter(self.knowledge, self._text)
        self.atlas = Atlas({})
        self.asked: list[str] = []
        self.steps = 0

    def edit(self, **files: str | None) -> None:
        """Put files in the place of others, None where there is none any more."""
        for name, text in files.items():
            self.files.pop(f"{name}.py", None)
            if text is not None:
                self.files[f"{name}.py"] = text
        after = index_of(self.files).modules
        self.knowledge.replace({f"{name}.py": after.get(f"{name}.py") for name in files}, {})

    def news(self) -> list[Batch]:
        """Tell of what has changed."""
        batches = []
        while not self.charter.is_done:
            self.steps += 1
            if (batch := self.charter.step()) is not None:
                batches.append(batch)
                self.atlas = self.atlas.updated(batch)
        index = index_of(self.files)
        drawn = {
            path: chart(facts, reached(facts, Contexts(index)), Text.from_str(self.files[path]))
            for path, facts in index.modules.items()
        }
        assert self.atlas.charts == drawn, "who listens has what is so"
        return batches

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
    assert shop.charter.is_done
    shop.asked.clear()

    shop.edit(c="def h():\n    return h()\n")
    (batch,) = shop.news()
    assert ([each.path for each in batch.charts], batch.gone, batch.anew) == (["c.py"], (), False)
    assert shop.asked == ["c.py"]

    shop.edit(c="def h():\n    return h()\n")
    assert shop.news() == [], "the same once more"

    shop.edit(a="def e(): pass\n")
    (batch,) = shop.news()
    assert {each.path for each in batch.charts} == {"a.py", "b.py"}, "what b calls is no more"

    shop.edit(a=None, d="def i(): pass\n")
    (batch,) = shop.news()
    assert ([each.path for each in batch.charts], batch.gone) == (["d.py"], ("a.py",))


def test_many_charts_come_step_by_step_in_batches() -> None:
    shop = Workshop({f"m{number}.py": "def f(): f()\n" for number in range(2 * BATCH_MAX + 1)})
    batches = shop.news()
    assert shop.steps > len(batches), "little at a time"
    assert [len(each.charts) for each in batches] == [BATCH_MAX, BATCH_MAX, 1]
    assert [each.anew for each in batches] == [True, False, False]


def test_a_text_that_is_another_by_now_is_left_for_later() -> None:
    knowledge = Knowledge()
    knowledge.begin(index_of(THREE).modules, {}, trusted=False)
    texts = {path: Text.from_str(text) for path, text in THREE.items() if path != "c.py"}
    charter = Charter(knowledge, texts.get)
    batch = charter.step()
    assert batch is not None
    assert {each.path for each in batch.charts} == {"a.py", "b.py"}
    assert charter.is_done
    texts["c.py"] = Text.from_str(THREE["c.py"])
    knowledge.replace({"c.py": index_of(THREE).modules["c.py"]}, {})
    batch = charter.step()
    assert batch is not None
    assert [each.path for each in batch.charts] == ["c.py"]


def test_another_charter_tells_all_anew() -> None:
    shop = Workshop(THREE)
    shop.news()
    other = Workshop({"a.py": THREE["a.py"]})
    other.atlas = shop.atlas
    (batch,) = other.news()
    assert batch.anew
