"""The settings of a language model that are unlike others."""

import pytest

from sleeplsp.engine.settings import Fault, Layer, Origin, environment_layer, resolve
from sleeplsp.engine.settings.model import ModelSettings


def user(**values: object) -> Layer:
    return Layer(Origin.USER_FILE, "config.toml", values)


def test_a_key_is_no_setting_and_is_not_told() -> None:
    layer = environment_layer({"SLEEPLSP_API_KEY": "planted", "SLEEPLSP_ENDPOINT": "http://here"})
    assert layer.values == {"endpoint": "http://here"}


def test_prices_are_a_table_and_in_the_environment_json() -> None:
    settings, warnings = resolve([environment_layer({"SLEEPLSP_PRICES": '{"m": {"prompt": 1.5}}'})])
    assert (settings.prices["m"].prompt, warnings) == (1.5, ())
    as_in_a_file = environment_layer({"SLEEPLSP_PRICES": '{ "some-model" = { prompt = 0.4 } }'})
    assert resolve([as_in_a_file])[0].prices["some-model"].prompt == 0.4
    _, warnings = resolve([environment_layer({"SLEEPLSP_PRICES": "cheap"})])
    assert warnings == ('environment: SLEEPLSP_PRICES: expected a table of tables, not "cheap"',)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (user(tokens_day_max="10k"), "config.toml: tokens_day_max"),
        (user(cost_day_max=-1), "config.toml: cost_day_max"),
        (user(token_day_max=5000), "config.toml: token_day_max"),
        (environment_layer({"SLEEPLSP_TOKENS_DAY_MAX": "10_0 0"}), "environment: SLEEPLSP_TOKENS_DAY_MAX"),
        (Layer(Origin.EDITOR, "editor", {"prices": "cheap"}), "editor: prices"),
    ],
    ids=["words", "negative", "misspelled", "environment", "prices"],
)
def test_a_limit_that_makes_no_sense_keeps_every_model_from_being_asked(layer: Layer, says: str) -> None:
    settings, warnings = resolve([user(endpoint="http://here/v1", model="m", replay="tape"), layer])
    assert not settings.has_model
    assert settings.replay is None
    assert warnings[-1] == f"no model is asked until this is mended: {says}"
    assert isinstance(warnings[-1], Fault)


def test_what_makes_no_sense_in_a_repository_keeps_nothing_from_anybody() -> None:
    layers = [
        user(endpoint="http://here/v1"),
        Layer(Origin.REPOSITORY, "pyproject.toml", {"tokens_day_max": "x"}),
    ]
    settings, warnings = resolve(layers)
    assert settings.has_model
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [
        ({}, True),
        ({Origin.USER_FILE: False}, False),
        ({Origin.REPOSITORY: False}, False),
        ({Origin.USER_FILE: False, Origin.REPOSITORY: True}, False),
        ({Origin.EDITOR: False}, False),
    ],
    ids=["unsaid", "user", "repository", "a repository cannot allow it", "editor"],
)
def test_a_model_that_is_named_is_left_alone(said: dict[Origin, bool], *, is_asked: bool) -> None:
    layers = [Layer(origin, origin.name, {"consult": value}) for origin, value in said.items()]
    settings, _ = resolve([user(endpoint="http://here/v1", local_model="m.gguf"), *layers])
    assert settings.has_model is is_asked
    assert settings.remembers
    assert settings.model_named == "m"


def test_a_model_without_a_place_is_remembered_alone() -> None:
    assert not ModelSettings().remembers
    named = ModelSettings(model="m")
    assert (named.has_model, named.is_thoughtful, named.remembers) == (False, False, True)
