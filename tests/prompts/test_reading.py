"""Reading replies: no text makes it fail, and what is held is the text's."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.languages import languages
from sleeplsp.core.placing import Placing
from sleeplsp.prompts.critic import UNREADABLE, Verdict, critic_prompt, read_verdict
from sleeplsp.prompts.reply.held import DropReason, Held
from sleeplsp.prompts.reply.read import read
from sleeplsp.prompts.reply.schema import CATEGORIES, KINDS, SEVERITIES
from sleeplsp.prompts.sleep import slices
from tests.prompts.contexts import context_of, read_context

CODE = '''\
"""Tables."""

LIMIT = 3


class Table:
    name = "été"

    def find(self, key):
        if key not in self.rows:  # "none"
            return None
        return self.rows[key]


def broken(x:
    return x
'''
CONTEXT = read_context("m.py", CODE)
(PART,) = slices(CONTEXT, 12_000)

WORDS = st.sampled_from(
    [
        *("Table.find", "find", "<module>", "broken", "LIMIT = 3", "return None", "self.rows[key]"),
        *("`", "\ud800", "\x00", "result", "'", '"""', "#", "\n    ", "never None", "\\", "é", "(" * 120),
        *("lambda: 0", "if key not in", *KINDS, *SEVERITIES, *CATEGORIES),
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=4).map("".join), st.text(max_size=30))
FIELDS = (
    "symbol",
    "kind",
    "sentence",
    "check",
    "quote",
    "message",
    "category",
    "severity",
    "fix",
    "question",
    "answer",
)
EVIDENCE = st.lists(st.fixed_dictionaries({"symbol": TEXTS, "quote": TEXTS, "sentence": TEXTS}), max_size=3)
WAYS = st.one_of(TEXTS, st.lists(st.one_of(st.none(), TEXTS), max_size=4))
ITEMS = st.lists(
    st.one_of(
        st.none(),
        TEXTS,
        st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS) | {"evidence": EVIDENCE, "ways": WAYS}),
    ),
    max_size=4,
)
REPLIES = st.fixed_dictionaries(
    dict.fromkeys(("invariants", "suspicions", "questions", "retracted"), ITEMS) | {"summary": TEXTS}
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), REPLIES.map(json.dumps)), st.booleans())
def test_any_text_is_read(text: str, later: bool) -> None:  # noqa: FBT001 - drawn
    held = read(text, CONTEXT, PART, later=later)
    placing = Placing("m.py", languages()["python"], CONTEXT.text, CONTEXT.outline)
    for each in held.suspicions:
        assert placing.extent(each.place) is not None
    read_verdict(text)


def test_deep_and_huge_replies() -> None:
    for text in ("[" * 200_000, '{"a":' * 50_000, "{" * 300_000, '{"summary": "' + "a" * 300_000 + '"}'):
        held = read(text, CONTEXT, PART)
        assert [each.reason for each in held.drops] == [DropReason.NO_JSON]
        assert len(held.drops[0].detail) <= 160


def test_one_claim_is_put_before_the_critic() -> None:
    held = _suspecting()
    prompt = critic_prompt(CONTEXT, held.suspicions[0])
    assert prompt is not None
    assert "claim: For a `key` that is missing `None` is given.\n" in prompt.user
    assert "quoted code: return None\n" in prompt.user
    assert "LIMIT = 3" in prompt.user
    assert critic_prompt(CONTEXT, held.suspicions[0], 2_000) == prompt
    long = read_context("m.py", CODE.replace("\n\ndef broken", "    x = 1\n" * 2_000 + "\n\ndef broken"))
    small = critic_prompt(long, held.suspicions[0], 2_000)
    assert small is not None
    assert small.tokens <= 2_000
    assert "if key not in self.rows" in small.user


def test_a_critic_that_would_see_no_code_is_not_asked() -> None:
    suspicion = _suspecting().suspicions[0]
    asked = [tokens for tokens in range(400, 1_400, 50) if critic_prompt(CONTEXT, suspicion, tokens)]
    assert asked
    assert asked[0] > 400
    for tokens in asked:
        prompt = critic_prompt(CONTEXT, suspicion, tokens)
        assert prompt is not None
        assert prompt.tokens <= tokens
        assert "LIMIT = 3" in prompt.user


def test_the_critic_sees_who_calls() -> None:
    files = {
        "m.py": "def first(items):\n    return items[0]\n",
        "use.py": "from m import first\n\n\ndef run(items):\n    if items:\n        print(first(items))\n",
    }
    context = context_of(files, "m.py")
    claim = {
        "symbol": "first",
        "quote": "items[0]",
        "evidence": [{"symbol": "first", "quote": "items[0]", "sentence": "it is read"}],
        "message": "An empty list raises `IndexError`.",
        "category": "wrong-boundary",
        "severity": "error",
    }
    (part,) = slices(context, 12_000)
    held = read(json.dumps({"suspicions": [claim]}), context, part)
    prompt = critic_prompt(context, held.suspicions[0])
    assert prompt is not None
    assert "    if items:\n        print(first(items))\n" in prompt.user
    assert prompt.user.index("use.py") < prompt.user.index("claim: An empty list")


def test_a_verdict_that_cannot_be_read_refutes() -> None:
    told = {"reason": "The key is checked before.", "verdict": "refuted"}
    assert read_verdict(json.dumps(told)) == Verdict(refuted=True, reason="The key is checked before.")
    assert not read_verdict(json.dumps(told | {"verdict": "stands"})).refuted
    assert read_verdict(json.dumps(told | {"verdict": "unsure"})).refuted
    unreadable: list[Any] = [
        "",
        "It stands.",
        "{}",
        '{"verdict": "stands"}',
        '{"verdict": "yes", "reason": "x"}',
    ]
    unreadable += ['{"verdict": "stands", "reason": 3}', '{"verdict": ["stands"], "reason": "x"}']
    assert {read_verdict(each).reason for each in unreadable} == {UNREADABLE}
    assert all(read_verdict(each).refuted for each in unreadable)


def _suspecting() -> Held:
    claim = {
        "symbol": "Table.find",
        "quote": "return None",
        "evidence": [{"symbol": "Table.find", "quote": "key not in self.rows", "sentence": "it is missing"}],
        "message": "For a `key` that is missing `None` is given.",
        "category": "missing-value",
        "severity": "note",
        "fix": "",
    }
    held = read(json.dumps({"suspicions": [claim]}), CONTEXT, PART)
    assert held.suspicions, held.drops
    return held
