"""What a sleep is expected to take."""

import pytest

from sleeplsp.engine.estimate import estimate
from sleeplsp.engine.settings.model import ModelSettings, Price

SIZES = (300, 900, 6_000, 30_000, 200_000)


def test_more_code_takes_more_and_nothing_takes_nothing() -> None:
    settings = ModelSettings()
    found = [estimate([size], settings, None) for size in SIZES]
    assert found == sorted(found, key=lambda each: each.likely.tokens)
    assert all(each.likely.tokens < each.most.tokens for each in found)
    assert all(each.likely.cached_tokens < each.likely.prompt_tokens for each in found)
    assert estimate([0, 50], settings, Price(prompt=1.0)).most.tokens == 0
    weighed = estimate(SIZES, settings, None)
    plain = estimate(SIZES, settings, None, weighs=False)
    assert plain.likely.tokens < weighed.likely.tokens
    assert plain.likely.calls < weighed.likely.calls
    assert all(each.likely.cost is None for each in found)


def test_the_most_is_what_settings_allow() -> None:
    settings = ModelSettings(generations_max=5, prompt_tokens_max=8_000, reply_tokens_max=500)
    found = estimate([9_000], settings, None, weighs=False).most
    assert found.calls == 5 + 5
    assert found.completion_tokens <= 10 * 500
    assert found.prompt_tokens <= 10 * 8_000


def test_a_module_that_does_not_fit_is_sent_in_parts() -> None:
    small = ModelSettings(prompt_tokens_max=4_000, generations_max=1)
    large = ModelSettings(prompt_tokens_max=60_000, generations_max=1)
    parts, whole = (estimate([60_000], each, None, weighs=False).likely for each in (small, large))
    assert parts.calls > whole.calls == 2


def test_money_follows_the_price() -> None:
    settings = ModelSettings()
    plain = estimate(SIZES, settings, Price(prompt=1.0, completion=4.0)).likely
    cached = estimate(SIZES, settings, Price(prompt=1.0, cached=0.0, completion=4.0)).likely
    assert plain.cost == pytest.approx((plain.prompt_tokens + 4 * plain.completion_tokens) / 1e6, rel=0.01)
    assert cached.cost is not None
    assert plain.cost is not None
    assert cached.cost == pytest.approx(plain.cost - cached.cached_tokens / 1e6, rel=0.01)
