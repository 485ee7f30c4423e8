"""Stubs in a store: the same answers without parsing, and nothing breaks when the store does."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest
from typeshed_client import NameDict

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.ports import Store
from sleeplsp.stubs import TypeshedLibrary, typeshed
from sleeplsp.stubs.modules import PENDING_MAX, StubModules
from sleeplsp.stubs.rows import StubClass, StubModule, encode, packed
from sleeplsp.stubs.version import digest

ASKED = ("os.path.join", "re.match", "asyncio.sleep", "collections.OrderedDict", "subprocess.run")


def answers(library: TypeshedLibrary) -> list[object]:
    return [
        (library.function(ref), library.klass(ref), library.kind(ref), library.canonical(ref))
        for ref in ASKED
    ]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules parsed during the test."""
    names: list[str] = []
    parse = typeshed.parse

    def noted(module: str) -> NameDict | None:
        names.append(module)
        return parse(module)

    monkeypatch.setattr(typeshed, "parse", noted)
    return names


class BrokenStore:
    """Raises at everything."""

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        raise StoreError(str(list(keys)))

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        raise StoreError(str(list(rows)))

    def close(self) -> None:
        raise StoreError


class DamagedStore(MemoryStore):
    """Gives half of each row."""

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: row[: len(row) // 2] for key, row in super().get_many(keys).items()}


def test_a_second_process_parses_nothing(parsed: list[str]) -> None:
    store = MemoryStore()
    first = TypeshedLibrary(store)
    told = answers(first)
    first.save()
    assert {"os", "posixpath", "re"} <= set(parsed)
    parsed.clear()
    assert answers(TypeshedLibrary(store)) == told
    assert parsed == []


def test_a_module_is_parsed_once(parsed: list[str]) -> None:
    library = TypeshedLibrary()
    answers(library)
    answers(library)
    assert library.kind("asyncio.no_such_name") == ""  # looked for in all that it imports `*` from
    assert len(parsed) == len(set(parsed))


@pytest.mark.parametrize("store", [BrokenStore(), DamagedStore(), None])
def test_answers_are_the_same_whatever_the_store_does(store: Store | None) -> None:
    for _ in range(2):
        library = TypeshedLibrary(store)
        assert answers(library) == answers(TypeshedLibrary())
        library.save()


def test_rows_of_another_version_are_not_read(parsed: list[str]) -> None:
    store = MemoryStore()
    for version in ("one", "one", "two"):
        modules = StubModules(version, store)
        assert modules.module("re") is not None
        modules.save()
    assert parsed == ["re", "re"]


def test_rows_are_stored_many_at_a_time() -> None:
    puts: list[int] = []

    class CountingStore(MemoryStore):
        def put_many(self, rows: Mapping[str, bytes]) -> None:
            puts.append(len(rows))

    modules = StubModules("version", CountingStore())
    names = [name for name in typeshed.module_names() if name.startswith("email")]
    for name in names:
        modules.module(name)
    modules.save()
    modules.save()
    assert sum(puts) == len(names) + 1  # and the list of all modules
    assert max(puts) <= PENDING_MAX
    assert 0 not in puts


def test_a_module_that_does_not_exist_is_not_looked_for(parsed: list[str]) -> None:
    modules = StubModules("version", None)
    assert modules.module("no_such_module") is None
    assert modules.definition("no_such_module", "name") is None
    assert modules.definition("re", "Match.no_such_name.at_all") is None
    assert parsed == ["re"]


@pytest.mark.parametrize("path", ["match", "Match.group"])
def test_a_row_damaged_within_is_made_anew(parsed: list[str], path: str) -> None:
    damaged = msgspec.Raw(encode(["nonsense"]))
    match = StubClass((), (), opaque=False, members={"group": damaged})
    store = MemoryStore()
    row = StubModule({"match": damaged, "Match": packed(match)})
    store.put_many({"stub:version:re": encode(row)})
    modules = StubModules("version", store)
    assert modules.definition("re", path) == StubModules("", None).definition("re", path)
    assert parsed == ["re", "re"]


def test_the_version_changes_with_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a")
    two.write_text("b")
    before = digest([one, two])
    assert before == digest([one, two])
    two.write_text("c")
    assert len({before, digest([one, two]), digest([two, one]), digest([one])}) == 4


def test_the_version_is_that_of_this_state(library: TypeshedLibrary) -> None:
    assert library.version == TypeshedLibrary().version
    assert len(library.version) == 32
