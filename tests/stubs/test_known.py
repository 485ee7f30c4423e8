"""The table: every name in it exists and is found, and says what its section says."""

from collections.abc import Iterator

import pytest

from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.stubs.known import Known, Listed, Table, read_table

TABLE = read_table()


def sections(table: Table) -> Iterator[tuple[str, Listed]]:
    named = {"spelled", "raises", "raises_unless"}
    yield from ((each, getattr(table, each)) for each in table.__struct_fields__ if each not in named)
    yield from ((f"raises {exception}", listed) for exception, listed in table.raises.items())


LISTED = [
    (section, owner, name)
    for section, listed in sections(TABLE)
    for owner, names in listed.items()
    for name in names
]


@pytest.mark.parametrize("section", sorted({section for section, _, _ in LISTED}))
def test_every_name_exists(library: TypeshedLibrary, section: str) -> None:
    names = [(owner, name) for each, owner, name in LISTED if each == section]
    unknown = [f"{o}.{n}" for o, n in names if not exists(library, o, n)]
    assert unknown == []


def exists(library: TypeshedLibrary, owner: str, name: str) -> bool:
    if library.kind(owner) == "class":
        return library.method(owner, name) is not None
    return library.kind(owner) == "module" and library.kind(f"{owner}.{name}") != ""


@pytest.mark.parametrize("section", sorted({section for section, _, _ in LISTED}))
def test_every_name_is_found_by_its_canonical_reference(library: TypeshedLibrary, section: str) -> None:
    """A name spelled in a way that no lookup arrives at would be dead."""
    known = Known(TABLE)
    lost = []
    for each, owner, name in LISTED:
        canonical = library.canonical(f"{owner}.{name}")
        module = canonical
        while library.kind(module) != "module":
            module = module.rpartition(".")[0]
        spelled = known.spelled(module, canonical.removeprefix(f"{module}."))
        if each == section and spelled != known.normal(f"{owner}.{name}"):
            lost.append(f"{owner}.{name}: spell it {spelled}")
    assert lost == []


def test_every_exception_is_a_class_of_exceptions(library: TypeshedLibrary) -> None:
    for exception in TABLE.raises.keys() - {"nothing"}:
        klass = library.klass(exception if "." in exception else f"builtins.{exception}")
        assert klass is not None, exception
        assert "builtins.BaseException" in klass.bases


def test_raises_unless_names_functions_that_raise_and_their_parameters(
    library: TypeshedLibrary,
) -> None:
    for ref, arguments in TABLE.raises_unless.items():
        function = library.function(ref)
        assert function is not None, ref
        assert function.raises, ref
        parameters = {p.name for signature in function.signatures for p in signature}
        assert {each for each in arguments if isinstance(each, str)} <= parameters


def test_modules_of_other_spellings_exist(library: TypeshedLibrary) -> None:
    for module, spelled in TABLE.spelled.items():
        assert library.kind(module) == "module", module
        assert library.kind(spelled) == "module", spelled


def test_names_are_listed_once_and_in_order() -> None:
    for section, listed in sections(TABLE):
        for owner, names in listed.items():
            assert len(set(names)) == len(names), (section, owner)


def test_what_is_immutable_has_no_method_that_changes_it(library: TypeshedLibrary) -> None:
    changing = {
        f"{owner}.{name}"
        for section, owner, name in LISTED
        if section in {"changes_size", "changes_receiver"}
    }
    immutable = {f"{o}.{n}" for section, o, n in LISTED if section == "immutable"}
    assert not {ref for ref in changing if library.canonical(ref.rpartition(".")[0]) in immutable}


def test_overrides_keep_what_they_change_and_raise_but_are_not_pure() -> None:
    listed: Listed = {"base.C": ("m",)}
    nothing: Listed = {}
    known = Known(
        Table(
            spelled={"_base": "base"},
            pure=listed,
            total=listed,
            raises={"KeyError": listed, "nothing": {"base.E": ("m",)}},
            raises_unless={"base.C.m": (1,)},
            changes_receiver=nothing,
            changes_size=listed,
            resource=listed,
            keeps_nothing=listed,
            immutable=nothing,
            coroutine=listed,
            swallows_nothing=nothing,
        )
    )
    inherited = known.facts(("base.D.m", "base.C.m"))
    assert all((inherited.pure, inherited.total, inherited.resource, inherited.coroutine))
    assert inherited.raises == ("builtins.KeyError",)
    overridden = known.facts(("base.D.m",), ("base.C.m",))
    assert all((overridden.changes_size, overridden.changes_receiver))
    assert (overridden.raises, overridden.raises_unless) == (("builtins.KeyError",), (1,))
    assert not any((overridden.pure, overridden.total, overridden.resource, overridden.coroutine))
    assert overridden.keeps_arguments
    assert known.facts(("base.E.m",), ("base.C.m",)).raises == ()


def test_a_private_module_is_spelled_like_the_public_one() -> None:
    known = Known(TABLE)
    assert known.spelled("posixpath", "join") == known.normal("posixpath.join") == "os.path.join"
    assert known.normal("_thread.lock.acquire") == "threading.lock.acquire"
