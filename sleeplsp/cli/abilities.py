"""What an endpoint can do, told: each ability with what is done with it, or in its place.

It must not know how abilities are found out.
"""

from collections.abc import Iterator

from sleeplsp.cli.doctor_report import AbilityEntry
from sleeplsp.engine.model import Abilities

SEVERAL, WEIGHING = "several replies", "weighing questions"

_STRUCTURES = {
    "json_schema": "the endpoint holds replies to the schema",
    "json_object": "replies are JSON; the schema is told in words, and checked here",
    "plain": "the schema is told in words; the JSON is looked for in the reply, and checked here",
}


def ability_entries(found: Abilities) -> Iterator[AbilityEntry]:
    """Yield what an endpoint can and cannot do."""
    yield AbilityEntry(
        name="structured replies", found=found.structure != "plain", used=_STRUCTURES[found.structure]
    )
    yield _either(
        "usage", "tokens are booked as reported", "tokens are estimated, and booked so", found=found.usage
    )
    yield _either(
        "cached tokens",
        "told apart, and priced so",
        "all tokens of a prompt are taken for new",
        found=found.cached_tokens,
    )
    yield _either(
        "streaming",
        "replies are heard as they come",
        "replies come in one piece; a cancelled one is ended all the same",
        found=found.streaming,
    )
    yield _either(
        "usage of streams",
        "tokens of streamed replies are booked as reported",
        "tokens of streamed replies are estimated, and booked so",
        found=found.streaming_usage,
    )
    yield _either(
        SEVERAL,
        "generations of a module that are made in any case come with one call: its prompt is paid for once",
        "each generation is a call of its own",
        found=found.several,
    )
    yield _either(
        "log-probabilities",
        "tokens of a reply are told with theirs",
        "none are told of a reply",
        found=found.reply_logprobs,
    )
    yield _weighing(found)
    yield AbilityEntry(
        name="length of context",
        found=found.context_tokens is not None,
        used=f"{found.context_tokens:,} tokens"
        if found.context_tokens is not None
        else "not told: the endpoint says so when a prompt is too long",
    )


def _weighing(found: Abilities) -> AbilityEntry:
    if found.prompt_logprobs:
        used = "by the log-probabilities of a prompt's own tokens"
    elif found.forced_decode:
        used = "by a reply that a schema forces to be the question"
    else:
        used = "questions are ranked by how often such were asked"
    return AbilityEntry(name=WEIGHING, found=found.can_weigh, used=used)


def _either(name: str, used: str, instead: str, *, found: bool) -> AbilityEntry:
    return AbilityEntry(name=name, found=found, used=used if found else instead)
