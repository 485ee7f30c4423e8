"""What tables cannot show: overloads told apart, parameters, laws over all references."""

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.flow import ParameterKind
from sleeplsp.deduce.library import Library, LibraryFunction, LibraryValue, returns
from sleeplsp.stubs import TypeshedLibrary

PARTS = (
    *(
        "builtins",
        "os",
        "path",
        "re",
        "typing",
        "collections",
        "abc",
        "asyncio",
        "dict",
        "get",
        "I",
    ),
    *("Match", "Popen", "stdout", "__init__", "__call__", "environ", "List", "Generic", "exit"),
    *("object", "datetime", "today", "", " ", "é", "\ud800", "*", ":", "|", "None", "1"),
)
REFERENCES = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=6).map(".".join),
    st.text(max_size=30),
    st.integers(0, 2000).map(lambda n: "os" + ".path" * n),
)


def shown(function: LibraryFunction) -> list[str]:
    """Return each signature as it would be written."""
    marks = {ParameterKind.REST: "*", ParameterKind.KEYWORDS: "**"}
    return [
        ", ".join(
            f"{marks.get(p.kind, '')}{p.name}{'?' * (p.optional and p.kind not in marks)}" for p in signature
        )
        for signature in function.signatures
    ]


def found(function: LibraryFunction | None) -> LibraryFunction:
    assert function is not None
    return function


def test_it_fulfils_the_protocol(library: TypeshedLibrary) -> None:
    as_protocol: Library = library
    assert as_protocol.kind("re") == "module"


@settings(max_examples=300, deadline=None)
@given(ref=REFERENCES, name=REFERENCES)
def test_no_reference_makes_a_lookup_raise(library: TypeshedLibrary, ref: str, name: str) -> None:
    function, klass = library.function(ref), library.klass(ref)
    assert function is None or function.ref
    assert klass is None or klass.bases[0] == klass.ref
    assert library.method(ref, name) is None or library.klass(ref)
    assert library.attribute(ref, name) is None or library.klass(ref)
    assert library.attribute_type(ref, name) == "" or library.klass(ref)
    assert library.kind(ref) in {"function", "class", "module", "value", ""}
    assert library.value_type(ref) == "" or library.klass(library.value_type(ref))


@settings(deadline=None)
@given(ref=REFERENCES)
def test_canonical_leads_to_the_same_thing(library: TypeshedLibrary, ref: str) -> None:
    canonical = library.canonical(ref)
    assert library.canonical(canonical) == canonical
    assert library.kind(canonical) == library.kind(ref)
    assert library.klass(canonical) == library.klass(ref)
    assert library.function(canonical) == library.function(ref)


@pytest.mark.parametrize("ref", ["django.db.models.Model", "requests.get", "", "numpy", "."])
def test_nothing_is_known_of_other_packages(library: TypeshedLibrary, ref: str) -> None:
    assert library.function(ref) is None
    assert library.method(ref, "get") is None
    assert library.klass(ref) is None
    assert (library.kind(ref), library.canonical(ref), library.value_type(ref)) == ("", ref, "")
    assert library.attribute(ref, "name") is None


@pytest.mark.parametrize("type_ref", ["os._Environ", "builtins.dict", "collections.OrderedDict"])
def test_get_may_return_none_only_without_a_default(library: TypeshedLibrary, type_ref: str) -> None:
    get = found(library.method(type_ref, "get"))
    assert get.none
    assert returns(get, 1)[0].none
    assert not returns(get, 2)[0].none
    assert returns(get, 2, (), frozenset({1}))[0].none
    assert returns(get, -1)[0].none  # `get(*arguments)`


def test_nobody_need_look_for_the_none_of_a_procedure(library: TypeshedLibrary) -> None:
    procedure = found(library.function("builtins.print"))
    assert (procedure.always_none, procedure.none) == (True, False)


def test_what_a_default_is_the_result_may_be(library: TypeshedLibrary) -> None:
    getenv = found(library.function("os.getenv"))
    text = LibraryValue(("builtins.str",), anything=False)
    assert returns(getenv, 2) == (text, (1,))
    assert returns(getenv, 1, ("default",)) == (text, ("default",))
    assert getenv.anything  # for those who do not ask with the call at hand


def test_a_call_that_no_overload_takes_may_give_what_any_gives(library: TypeshedLibrary) -> None:
    getenv = found(library.function("os.getenv"))
    whole = LibraryValue(getenv.types, getenv.anything, getenv.none)
    assert returns(getenv, 9) == (whole, ())
    assert returns(getenv, 1, ("nonsense",)) == (whole, ())


def test_a_call_with_stars_may_reach_any_overload(library: TypeshedLibrary) -> None:
    group = found(library.method("re.Match", "group"))
    assert not returns(group, 0)[0].anything
    assert returns(group, -1)[0].anything


@pytest.mark.parametrize(
    ("ref", "signatures"),
    [
        ("os.getenv", ["key", "key, default"]),
        ("subprocess.list2cmdline", ["seq"]),
        ("functools.partial", ["func, *args, **kwargs"]),
        ("builtins.print", [f"*values, sep?, end?, file?, flush{o}" for o in ("?", "")]),
        ("builtins.list", ["", "iterable"]),
        ("builtins.str.upper", ["self"] * 2),
        ("builtins.str.maketrans", ["x", "x, y", "x, y, z"]),
        ("datetime.datetime.strptime", ["date_string, format"]),
        ("datetime.date", ["year, month, day"]),
        ("tarfile.TarFile.gettarinfo", ["self, name?, arcname?, fileobj?"]),
        ("builtins.KeyError", ["*args"]),
        ("builtins.object", [""]),
    ],
)  # fmt: skip
def test_signatures(library: TypeshedLibrary, ref: str, signatures: list[str]) -> None:
    assert shown(found(library.function(ref))) == signatures


@pytest.mark.parametrize(
    "ref",
    [
        "http.HTTPStatus",  # a metaclass makes it
        "urllib.parse.SplitResult",  # a named tuple: its fields are its parameters
        "unittest.mock.MagicMock",  # a base is Any
    ],
)
def test_a_constructor_that_stubs_do_not_say_has_no_signature(library: TypeshedLibrary, ref: str) -> None:
    made = found(library.function(ref))
    assert (made.signatures, made.types, made.anything) == ((), (ref,), False)


@pytest.mark.parametrize(
    ("type_ref", "name", "wanted"),
    [
        ("pathlib.PosixPath", "parent", ("pathlib.PosixPath",)),
        ("pathlib.PurePath", "parent", ("pathlib.PurePath",)),
        ("collections.OrderedDict", "copy", ("collections.OrderedDict",)),
        ("datetime.datetime", "today", ("datetime.datetime",)),
    ],
)
def test_self_is_the_class_asked_of(
    library: TypeshedLibrary, type_ref: str, name: str, wanted: tuple[str, ...]
) -> None:
    method = found(library.method(type_ref, name))
    assert (method.types, method.ref) == (wanted, f"{type_ref}.{name}")


def test_a_method_reached_through_its_class_takes_its_object(library: TypeshedLibrary) -> None:
    assert [len(each) for each in found(library.function("builtins.dict.keys")).signatures] == [1]
    assert [len(each) for each in found(library.method("builtins.dict", "keys")).signatures] == [0]


@pytest.mark.parametrize("module", ["os", "subprocess", "pathlib", "typing", "enum", "unittest.mock"])
def test_every_type_a_function_returns_is_a_class(library: TypeshedLibrary, module: str) -> None:
    names = [name for name in dir(__import__(module, fromlist=["_"])) if not keyword.iskeyword(name)]
    functions = [library.function(f"{module}.{name}") for name in names]
    types = {ref for function in functions if function for ref in function.types}
    assert types
    assert not [ref for ref in types if library.klass(ref) is None or library.canonical(ref) != ref]
