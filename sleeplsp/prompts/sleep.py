"""The prompt of the sleep: what a model is asked of a module while nobody waits.

What is the same for all generations comes first, so that an endpoint has it at hand; what differs comes
last. It must not know what replies are worth.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

from sleeplsp.core.insight import Insight
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import LONGEST, fenced, line, size
from sleeplsp.prompts.knowing import known_lines
from sleeplsp.prompts.notes import noted
from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN, Prompt, Schema
from sleeplsp.prompts.reply.schema import REPLY, reply_schema
from sleeplsp.prompts.rooms import ROOM_BYTES_MIN, Room, room
from sleeplsp.prompts.shown import code
from sleeplsp.prompts.slicing import Slice, detail, sliced, subjects_of
from sleeplsp.prompts.texts import sections

VERSION = "sleep/2"

CUT = "\n..."
"""Behind code that was cut off."""

ROOM_SHARE = 0.9
"""Of the room in a prompt, what has to be left beside the names of symbols."""

_TITLES = ("code", "imported", "certain", "uses", "tests", "subjects", "known", "symbols")
_PATH_BYTES_MAX = 200


@cache
def tokens_min() -> int:
    """Return how many tokens a prompt must be allowed to have, whatever the module: fewer are none."""
    frame = _framed("x" * _PATH_BYTES_MAX, REPLY)
    return frame.tokens + 1 + -(-ROOM_BYTES_MIN // ESTIMATE_BYTES_PER_TOKEN)


def slices(context: ModuleContext, tokens_max: int) -> tuple[Slice, ...]:
    """Cut a module into slices whose prompts have at most so many tokens.

    None below `tokens_min`, at least one from there on.
    """
    if tokens_max < tokens_min():
        return ()
    found = room(_frame(context, schema_of(context, tokens_max)), tokens_max)
    return sliced(context, tokens_max, found.code) if found is not None else ()


def sleep_prompt(
    context: ModuleContext, part: Slice, number: int = 0, known: Insight | None = None
) -> Prompt:
    """Return what is sent of a slice for one generation.

    Generations differ in the order in which symbols are to be thought about. A later pass is told what is
    `known`, which it may add to, amend or retract.
    """
    text, schema = sections(VERSION), schema_of(context, part.tokens_max)
    space = room(_frame(context, schema), part.tokens_max) or Room(0)
    shown = module_code(context, part, space.code)
    told = known_lines(known, part.subjects) if known is not None else ()
    order = sorted(part.subjects, key=lambda each: _shuffled(number, each)) if number else part.subjects
    notes = tuple(noted(context, part, text, space.left(size(shown))))
    unused = space.bytes - size(shown) - sum(map(size, notes)) - space.list
    return Prompt(
        version=VERSION,
        system=text["system"],
        parts=(
            fenced(text["begin"], name_of(context)),
            fenced(text["code"], shown),
            *notes,
            *_listed(text["known"], told, space.list),
            *_listed(text["symbols"], map(line, order), max(space.list, unused)),
            text["end"],
        ),
        schema=schema,
    )


def schema_of(context: ModuleContext, tokens_max: int) -> Schema:
    """Return the form of replies about a module, the same for all slices and generations.

    Names of symbols are enumerated where that leaves almost as much room for the code.
    """
    named = named_reply(context)
    room_named, room_plain = (room(_frame(context, each), tokens_max) for each in (named, REPLY))
    if room_named is None or room_plain is None or room_named.bytes < ROOM_SHARE * room_plain.bytes:
        return REPLY
    return named


def named_reply(context: ModuleContext) -> Schema:
    """Return the form of replies that name symbols of a module alone, as far as these are few."""
    return reply_schema(subjects_of(context))


def module_code(context: ModuleContext, part: Slice, code_bytes: int) -> str:
    """Return the code of a slice, cut off where it is longer than so many bytes."""
    whole = part.whole
    shown = code(context) if whole is None else code(context, whole, detail(context, code_bytes))
    return cut(shown, code_bytes)


def cut(text: str, bytes_max: int) -> str:
    """Return a text of at most so many bytes; a mark says that it was cut."""
    if size(text) <= bytes_max:
        return text
    return text.encode()[: max(bytes_max - len(CUT), 0)].decode("utf-8", "ignore") + CUT


def name_of(context: ModuleContext) -> str:
    """Return a module's path on one line."""
    return cut(line(context.path), _PATH_BYTES_MAX)


def _frame(context: ModuleContext, schema: Schema) -> Prompt:
    return _framed(name_of(context), schema)


def _framed(name: str, schema: Schema) -> Prompt:
    text = sections(VERSION)
    titles = (fenced(text[each], LONGEST) for each in _TITLES)
    parts = (fenced(text["begin"], name), *titles, text["end"])
    return Prompt(version=VERSION, system=text["system"], parts=parts, schema=schema)


def _listed(title: str, lines: Iterable[str], bytes_max: int) -> Iterable[str]:
    kept, left = [], bytes_max
    for each in lines:
        left -= size(each) + 1
        if left < 0:
            break
        kept.append(each)
    return (fenced(title, "\n".join(kept)),) if kept else ()


def _shuffled(number: int, symbol: str) -> bytes:
    return blake2b(f"{number}:{symbol}".encode("utf-8", "replace"), digest_size=8).digest()
