"""The settings of a language model that are unlike others."""

from sleeplsp.engine.settings import environment_layer, resolve


def test_a_key_is_no_setting_and_is_not_told() -> None:
    layer = environment_layer({"SLEEPLSP_API_KEY": "planted", "SLEEPLSP_ENDPOINT": "http://here"})
    assert layer.values == {"endpoint": "http://here"}


def test_prices_are_a_table_and_in_the_environment_json() -> None:
    settings, warnings = resolve([environment_layer({"SLEEPLSP_PRICES": '{"m": {"prompt": 1.5}}'})])
    assert (settings.prices["m"].prompt, warnings) == (1.5, ())
    _, warnings = resolve([environment_layer({"SLEEPLSP_PRICES": "cheap"})])
    assert warnings == ('environment: SLEEPLSP_PRICES: expected a table of tables, not "cheap"',)
