"""What a sleep is expected to take."""

import pytest

from sleeplsp.engine.estimate import estimate
from sleeplsp.engine.ranking import Signals
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.settings.model import Price

SIZES = {f"m{size}.py": size for size in (300, 900, 6_000, 30_000, 200_000)}
ASKED = Signals(asked=dict.fromkeys((*SIZES, "m.py"), 20))
"""Somebody asks about all of them."""


def test_more_code_takes_more_and_nothing_takes_nothing() -> None:
    settings = Settings()
    found = [estimate({path: size}, settings, None) for path, size in SIZES.items()]
    assert found == sorted(found, key=lambda each: each.likely.tokens)
    assert all(each.likely.tokens < each.most.tokens for each in found)
    assert all(each.likely.cached_tokens < each.likely.prompt_tokens for each in found)
    assert estimate({"a.py": 0, "b.py": 50}, settings, Price(prompt=1.0)).most.tokens == 0
    weighed = estimate(SIZES, settings, None, signals=ASKED)
    plain = estimate(SIZES, settings, None, signals=ASKED, weighs=False)
    assert plain.likely.tokens < weighed.likely.tokens
    assert plain.likely.calls < weighed.likely.calls
    assert all(each.likely.cost is None for each in found)


def test_replies_that_come_with_one_call_spare_prompts() -> None:
    one, several = (
        estimate(SIZES, Settings(), None, signals=ASKED, weighs=False, several=each) for each in (False, True)
    )
    assert several.likely.calls < one.likely.calls
    assert several.likely.prompt_tokens < one.likely.prompt_tokens
    assert several.likely.completion_tokens == one.likely.completion_tokens
    assert several.most == one.most  # it may refuse to


def test_the_most_is_what_settings_allow() -> None:
    settings = Settings(generations_max=5, prompt_tokens_max=8_000, reply_tokens_max=500)
    found = estimate({"m.py": 9_000}, settings, None, weighs=False).most
    assert found.calls == 5 + 5
    assert found.completion_tokens <= 10 * 500
    assert found.prompt_tokens <= 10 * 8_000


def test_a_module_that_does_not_fit_is_sent_in_parts() -> None:
    small = Settings(prompt_tokens_max=4_000, generations_max=1)
    large = Settings(prompt_tokens_max=60_000, generations_max=1)
    parts, whole = (estimate({"m.py": 60_000}, each, None, weighs=False).likely for each in (small, large))
    assert parts.calls > whole.calls == 1


def test_money_follows_the_price() -> None:
    settings = Settings()
    plain = estimate(SIZES, settings, Price(prompt=1.0, completion=4.0), signals=ASKED).likely
    cached = estimate(SIZES, settings, Price(prompt=1.0, cached=0.0, completion=4.0), signals=ASKED).likely
    assert plain.cost == pytest.approx((plain.prompt_tokens + 4 * plain.completion_tokens) / 1e6, rel=0.01)
    assert cached.cost is not None
    assert plain.cost is not None
    assert cached.cost == pytest.approx(plain.cost - cached.cached_tokens / 1e6, rel=0.01)


def test_a_module_of_little_worth_is_thought_about_once() -> None:
    small = {f"m{number}.py": 180 for number in range(30)}
    found = estimate(small, Settings(), None).likely
    assert found.calls == 30
    assert found.cached_tokens == 0
    assert 900 * 30 < found.prompt_tokens < 1_200 * 30
    asked = estimate({"m.py": 6_000}, Settings(), None, signals=ASKED).likely
    assert asked.calls > 2, "more replies are compared, questions weighed, claims contested"


def test_what_changes_all_the_time_is_not_thought_about() -> None:
    churned = Signals(churn={"m.py": 100})
    found = estimate({"m.py": 600}, Settings(), None, signals=churned)
    assert (found.modules, found.likely.calls) == (0, 0)
    assert estimate({"m.py": 600}, Settings(), None).modules == 1
