"""What a model is told with a question: within the budget, the useful first, only what holds."""

import pytest

from sleeplsp.answers.ask.retrieve import retrieve, worth_opening
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN
from sleeplsp.prompts.redacted import nothing_redacted
from sleeplsp.redact import redact
from tests.opened import opened, retype

FILES = {
    "rates.py": "def rate(country, table):\n    return table.lookup(country)\n",
    "use.py": "from rates import rate\n\n\n"
    "def price(net, country, table):\n    return net * rate(country, table)\n",
}
INSIGHTS = {
    "use.py": """
summary = "Prices of things."
[[invariants]]
symbol = "price"
sentence = "The price is never rounded."
votes = "2/3"
[[invariants]]
symbol = "price"
kind = "requires"
sentence = "The net must be a Decimal."
""",
    "rates.py": """
[[invariants]]
symbol = "rate"
sentence = "The rate is a share of one."
""",
}
REFS = ("use.py::price", "use.py::<module>")


def items(snapshot: Snapshot, question: str, tokens_max: int = 3_000) -> list[tuple[str, str, str]]:
    found = retrieve(snapshot, question, REFS, tokens_max, nothing_redacted)
    return [(each.kind, each.where, each.text) for each in found]


def test_everything_near_is_told_if_there_is_room() -> None:
    snapshot = opened(FILES, insights=INSIGHTS).snapshot
    assert set(items(snapshot, "Is it rounded?")) == {
        ("code", "use.py::price", FILES["use.py"].partition("\n\n\n")[2].rstrip()),
        ("claim", "use.py::price", "The price is never rounded. (agreed 2/3)"),
        ("claim", "use.py::price", "The net must be a Decimal. (single)"),
        ("claim", "rates.py::rate", "The rate is a share of one. (single)"),
        ("signature", "rates.py::rate", FILES["rates.py"].rstrip()),
        ("claim", "use.py", "Prices of things."),
    }
    assert worth_opening(snapshot, REFS) == ("use.py", "rates.py")


def test_what_has_words_in_common_with_the_question_goes_first() -> None:
    snapshot = opened(FILES, insights=INSIGHTS).snapshot
    claims = [text for kind, _, text in items(snapshot, "Why is it rounded?") if kind == "claim"]
    assert claims[0].startswith("The price is never rounded")
    claims = [text for kind, _, text in items(snapshot, "Which Decimal?") if kind == "claim"]
    assert claims[0].startswith("The net must be")


@pytest.mark.parametrize("tokens_max", [0, 1, 20, 40, 80, 200])
def test_the_budget_holds(tokens_max: int) -> None:
    snapshot = opened(FILES, insights=INSIGHTS).snapshot
    found = retrieve(snapshot, "Is it rounded?", REFS, tokens_max, nothing_redacted)
    assert sum(len(each.sent.encode()) for each in found) <= tokens_max * ESTIMATE_BYTES_PER_TOKEN


def test_what_does_not_hold_any_more_is_not_told() -> None:
    workspace = opened(FILES, insights=INSIGHTS)
    retype(workspace, "use.py", FILES["use.py"].replace("net *", "round(net) *"))
    workspace.settle("use.py")
    found = items(workspace.snapshot, "Is it rounded?")
    assert not [text for kind, where, text in found if kind == "claim" and where == "use.py::price"]
    assert [text for kind, _, text in found if kind == "code" and "round(net)" in text]


def test_secrets_are_taken_out_of_everything() -> None:
    planted = "AKIA" + "J4K7QX2MZP5R8TVW"
    files = {"use.py": f'def price(net):\n    key = "{planted}"\n    return sign(net, key)\n'}
    insight = f'[[invariants]]\nsymbol = "price"\nsentence = "Signs with {planted}."\n'
    snapshot = opened(files, insights={"use.py": insight}).snapshot
    found = retrieve(snapshot, "Why?", REFS, 3_000, redact)
    assert {each.kind for each in found} == {"claim", "code"}
    assert not [each for each in found if planted in each.sent]
