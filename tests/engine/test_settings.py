"""Settings: what each layer may set, what wins, and what is said about a value that is not used."""

import typing

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import (
    Fault,
    Layer,
    Origin,
    Scope,
    Settings,
    catalogue,
    environment_layer,
    is_thought_alike,
    resolve,
)
from tests.scopes import NO_NUMBERS, SCOPES, UNLIMITED


def user(**values: object) -> Layer:
    return Layer(Origin.USER_FILE, "config.toml", values)


def repository(**values: object) -> Layer:
    return Layer(Origin.REPOSITORY, "pyproject.toml", values)


def editor(**values: object) -> Layer:
    return Layer(Origin.EDITOR, "editor", values)


def flags(**values: object) -> Layer:
    return Layer(Origin.FLAGS, "--option", values)


def test_without_layers_every_setting_has_its_default() -> None:
    assert resolve([]) == (Settings(), ())


def test_catalogue_says_scope_default_and_meaning_of_every_setting() -> None:
    assert {entry.name: entry.scope for entry in catalogue()} == SCOPES
    assert {entry.name: entry.default for entry in catalogue()} == msgspec.structs.asdict(Settings())
    assert all(entry.description.endswith(".") and entry.expected for entry in catalogue())


def test_layers_win_in_their_order_however_they_are_given() -> None:
    layers = [
        flags(fail_on="error"),
        editor(fail_on="warning", idle_s=3),
        repository(fail_on="note"),
        environment_layer({"SLEEPLSP_IDLE_S": "2.5", "SLEEPLSP_JOBS": "4"}),
        user(idle_s=9, jobs=2, cache_dir="/elsewhere"),
    ]
    settings, warnings = resolve(layers)
    assert warnings == ()
    assert settings.fail_on == "error"
    assert settings.idle_s == 3.0
    assert settings.jobs == 4
    assert settings.cache_dir == "/elsewhere"


@pytest.mark.parametrize("name", [name for name, scope in SCOPES.items() if scope is Scope.USER])
def test_a_repository_cannot_set_what_is_the_users(name: str) -> None:
    default = getattr(Settings(), name)
    values = {bool: not default, str: "elsewhere", type(None): "high", dict: {}}
    settings, warnings = resolve([repository(**{name: values.get(type(default), 3)})])
    assert settings == Settings()
    assert warnings == (f"pyproject.toml: {name}: ignored, only the user may set it",)


@pytest.mark.parametrize(
    "name", [name for name, scope in SCOPES.items() if scope is Scope.LOWER_ONLY and name not in NO_NUMBERS]
)
def test_a_repository_may_only_lower_a_limit(name: str) -> None:
    default = getattr(Settings(), name)
    lowered, silence = resolve([repository(**{name: default - 1})])
    raised, warnings = resolve([repository(**{name: default + 1})])
    assert (getattr(lowered, name), silence) == (default - 1, ())
    assert getattr(raised, name) == default
    assert len(warnings) == 1
    assert warnings[0].startswith(f"pyproject.toml: {name}: ignored, a repository may only lower it")


@pytest.mark.parametrize("name", UNLIMITED)
def test_a_repository_may_set_a_limit_where_there_is_none(name: str) -> None:
    lowered, silence = resolve([repository(**{name: 7})])
    assert (getattr(lowered, name), silence) == (7, ())
    kept, warnings = resolve([user(**{name: 5}), repository(**{name: 7})])
    assert getattr(kept, name) == 5
    assert len(warnings) == 1


def test_a_repository_may_not_raise_a_limit_that_its_user_lowered() -> None:
    settings, warnings = resolve([repository(file_bytes_max=2000), user(file_bytes_max=1000)])
    assert settings.file_bytes_max == 1000
    assert len(warnings) == 1


def test_the_user_may_raise_a_limit_again_that_the_repository_lowered() -> None:
    settings, warnings = resolve([repository(file_bytes_max=10), flags(file_bytes_max=5_000_000)])
    assert (settings.file_bytes_max, warnings) == (5_000_000, ())


def test_excludes_add_up_and_the_repositorys_come_before_its_users() -> None:
    settings, _ = resolve(
        [user(excludes=["private/"]), repository(excludes=["!private/"]), flags(excludes=["x"])]
    )
    assert settings.excludes == ("!private/", "private/", "x")


def test_checks_are_merged_by_name() -> None:
    settings, _ = resolve(
        [user(checks={"a": "off", "b": "note"}), repository(checks={"b": "error", "c": "off"})]
    )
    assert settings.checks == {"a": "off", "b": "error", "c": "off"}


def test_one_wrong_level_costs_only_its_own_check() -> None:
    settings, warnings = resolve([repository(checks={"a": "loud", "b": "off", "c": 3})])
    assert settings.checks == {"b": "off"}
    expected = 'expected "off", "note", "warning" or "error"'
    assert warnings == (
        f'pyproject.toml: checks.a: {expected}, not "loud"',
        f"pyproject.toml: checks.c: {expected}, not 3",
    )


def test_an_unknown_check_is_named_with_the_nearest_when_checks_are_known() -> None:
    settings, warnings = resolve([repository(checks={"none-deref": "off"})], {"none-dereference", "arity"})
    assert settings.checks == {}
    assert warnings == (
        "pyproject.toml: checks.none-deref: there is no such check; did you mean none-dereference?",
    )


@pytest.mark.parametrize("key", ["file_byte_max", "file-bytes-max", "FILE_BYTES_MAX"])
def test_an_unknown_key_is_named_with_the_nearest(key: str) -> None:
    _, warnings = resolve([repository(**{key: 1})])
    assert warnings == (f"pyproject.toml: {key}: there is no such setting; did you mean file_bytes_max?",)


def test_an_unknown_key_that_resembles_nothing_gets_no_suggestion() -> None:
    _, warnings = resolve([repository(zzz=1)])
    assert warnings == ("pyproject.toml: zzz: there is no such setting",)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("file_bytes_max", "5", "a whole number of at least 1"),
        ("file_bytes_max", True, "a whole number of at least 1"),
        ("file_bytes_max", 0, "a whole number of at least 1"),
        ("depth_max", -1, "a whole number of at least 0"),
        ("jobs", 257, "a whole number from 0 to 256"),
        ("depth_max", 1.5, "a whole number of at least 0"),
        ("job_s_max", float("nan"), "a number greater than 0"),
        ("excludes", "build/", "a list of strings"),
        ("excludes", [1], "a list of strings"),
        ("checks", "off", 'a table of "off", "note", "warning" or "error"'),
        ("fail_on", "sometimes", '"error", "warning", "note" or "never"'),
        ("cache_dir", 3, "a string"),
    ],
)
def test_a_wrong_type_is_named_with_place_key_and_expected_type(
    name: str, value: object, expected: str
) -> None:
    settings, warnings = resolve([user(**{name: value})])
    assert settings == Settings()
    assert len(warnings) == 1
    assert warnings[0].startswith(f"config.toml: {name}: expected {expected}, not ")


@pytest.mark.parametrize(
    "values",
    [{"jobs": "x"}, {"no_such": 1}, {"checks": {"a": "loud"}}],
    ids=["type", "key", "level"],
)
def test_a_wrong_flag_is_a_usage_error(values: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"^--option: "):
        resolve([flags(**values)])


def test_a_value_of_none_counts_as_not_set() -> None:
    assert resolve([user(jobs=3), editor(jobs=None, cache_dir=None)])[0].jobs == 3


def test_the_environment_sets_every_kind_of_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.pathsep", ":")
    layer = environment_layer(
        {
            "SLEEPLSP_CACHE_DIR": "/tmp/c",
            "SLEEPLSP_FILE_BYTES_MAX": "77",
            "SLEEPLSP_EXCLUDES": "a/:b/",
            "SLEEPLSP_CHECKS": "arity=off: unbound = note",
            "SLEEPLSP_FAIL_ON": "",
            "SLEEPLSP_PAUSED": "true",
            "HOME": "/root",
        }
    )
    settings, warnings = resolve([layer])
    assert warnings == ()
    assert settings.cache_dir == "/tmp/c"
    assert settings.file_bytes_max == 77
    assert settings.excludes == ("a/", "b/")
    assert settings.checks == {"arity": "off", "unbound": "note"}
    assert settings.fail_on == "never"
    assert settings.paused


def test_a_wrong_variable_is_called_by_its_own_name() -> None:
    _, warnings = resolve([environment_layer({"SLEEPLSP_JOBS": "many", "SLEEPLSP_JOB": "1"})])
    assert warnings == (
        "environment: SLEEPLSP_JOB: there is no such setting; did you mean jobs?",
        'environment: SLEEPLSP_JOBS: expected a whole number from 0 to 256, not "many"',
    )


def test_what_makes_no_sense_is_told_apart_from_what_is_out_of_place() -> None:
    wrong, out_of_place = {"jobs": "x", "checks": {"a": "loud"}}, {"jobs": 1, "no_such": 1}
    assert [isinstance(each, Fault) for each in resolve([user(**wrong)])[1]] == [True, True]
    assert [isinstance(each, Fault) for each in resolve([repository(**out_of_place)])[1]] == [False, False]


def test_a_warning_is_one_short_printable_line() -> None:
    _, warnings = resolve([repository(fail_on="a\nb\x1b[31m\udc80" + "x" * 500)])
    _, more = resolve([repository(**{"a\nb": 1})])
    assert len(warnings + more) == 2
    assert all(line.isprintable() and len(line) < 160 for line in warnings + more)


LEAVES = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        7,
        10**30,
        0.5,
        float("nan"),
        float("inf"),
        "",
        "off",
        "5",
        "a\nb",
        "\udc80",
    ]
)
VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=3), LEAVES, max_size=2)
KEYS = st.sampled_from([*SCOPES, "no_such"])


# The first draw makes the strategies, which takes long on a busy machine.
@drawing(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            Layer,
            st.sampled_from([each for each in Origin if each is not Origin.FLAGS]),
            st.just("somewhere"),
            st.dictionaries(KEYS, VALUES, max_size=3),
        ),
        max_size=3,
    )
)
def test_whatever_the_layers_hold_the_result_fits_the_schema(layers: list[Layer]) -> None:
    settings, warnings = resolve(layers)
    for name, hint in typing.get_type_hints(Settings, include_extras=True).items():
        msgspec.convert(getattr(settings, name), hint)
    assert all("\n" not in warning for warning in warnings)


@given(st.dictionaries(st.sampled_from([n for n in SCOPES if n not in {"excludes", "checks"}]), VALUES))
def test_no_repository_ever_raises_a_limit_or_sets_what_is_the_users(
    values: dict[str, object],
) -> None:
    settings, _ = resolve([repository(**values)])
    for name, scope in SCOPES.items():
        if scope is Scope.USER:
            assert getattr(settings, name) == getattr(Settings(), name)
        if scope is Scope.LOWER_ONLY and name not in UNLIMITED:
            assert getattr(settings, name) <= getattr(Settings(), name)


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, True),
        ({"checks": {"none-dereference": "off"}, "fail_on": "error"}, True),
        ({"excludes": ("a",)}, False),
        ({"jobs": 3}, False),
        ({"idle_s": 2.0}, False),
    ],
)
def test_what_is_shown_alone_needs_no_other_thinking(changes: dict[str, object], *, alike: bool) -> None:
    assert is_thought_alike(Settings(), msgspec.structs.replace(Settings(), **changes)) is alike
