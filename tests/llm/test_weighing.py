"""Which tokens of a reply are those of the text that was forced."""

import json

import msgspec
import pytest

from sleeplsp.engine.model import Weight
from sleeplsp.llm.protocol import TokenLogprob, UsageReport
from sleeplsp.llm.reply import Reply
from sleeplsp.llm.weighing import echoed_weight, forced_weight


def reply(raw: str, *tokens: tuple[str, float], bytes_of: dict[str, list[int]] | None = None) -> Reply:
    """Return a reply; `bytes_of` are the bytes of tokens that are no whole characters."""
    told = bytes_of or {}
    return Reply(
        text=raw,
        raw=raw,
        texts=(raw,),
        finish="stop",
        model="m",
        tokens=tuple(TokenLogprob(text, logprob, told.get(text)) for text, logprob in tokens),
        report=None,
        ttft_s=None,
        streamed=True,
    )


FRAME = (('{"', -9.0), ("reply", -9.0), ('":', -9.0))


@pytest.mark.parametrize("before", [(), (("```json\n", -9.0),), (("\n", -9.0), (" ", -9.0))], ids=repr)
def test_what_a_server_leaves_out_of_the_reply_shifts_nothing(before: tuple[tuple[str, float], ...]) -> None:
    found = reply(
        '{"reply":"two words"}', *before, *FRAME, ('"', -9.0), ("two", -1.0), (" words", -3.0), ('"}', -9.0)
    )
    assert forced_weight("two words", found) == Weight(-2.0, 2)


def test_a_text_that_is_the_name_of_its_field() -> None:
    found = reply('{"reply":"reply"}', *FRAME, ('"', -9.0), ("reply", -2.0), ('"}', -9.0))
    assert forced_weight("reply", found) == Weight(-2.0, 1)


def test_a_character_in_several_tokens() -> None:
    tokens = (*FRAME, ('"', -9.0), ("�", -1.0), ("\ufffd\ufffd", -3.0), ('"}', -9.0))
    found = reply('{"reply":"é"}', *tokens, bytes_of={"�": [0xC3], "\ufffd\ufffd": [0xA9]})
    assert forced_weight("é", found) == Weight(-2.0, 2)


@pytest.mark.parametrize("raw", ['{"reply":"another"}', "two words", "[1]", ""])
def test_a_text_that_was_not_forced_has_no_weight(raw: str) -> None:
    assert forced_weight("two words", reply(raw, (raw, -1.0))) is None


def test_without_tokens_there_is_no_weight() -> None:
    assert forced_weight("two words", reply(json.dumps({"reply": "two words"}))) is None


PROMPT = (("In the", None), (" beginning", -9.0), (" two", -1.0), (" words", -3.0))


@pytest.mark.parametrize(
    ("more", "weight"),
    [
        ((("x", -9.0),), Weight(-2.0, 2)),
        ((), None),
        ((("x", -9.0), ("y", -9.0)), None),
    ],
    ids=["the prompt's tokens and one", "a token is missing", "one too many"],
)
def test_of_a_prompt_that_came_back_only_all_tokens_and_one_tell_a_weight(
    more: tuple[tuple[str, float], ...], weight: Weight | None
) -> None:
    found = msgspec.structs.replace(
        reply(""),
        tokens=tuple(TokenLogprob(text, logprob) for text, logprob in (*PROMPT, *more)),
        report=UsageReport(len(PROMPT), 1),
    )
    assert echoed_weight(" two words", found) == weight


def test_where_it_is_not_told_how_long_a_prompt_was_nothing_is_weighed() -> None:
    tokens = tuple(TokenLogprob(text, logprob) for text, logprob in (*PROMPT, ("x", -9.0)))
    assert echoed_weight(" two words", msgspec.structs.replace(reply(""), tokens=tokens)) is None
