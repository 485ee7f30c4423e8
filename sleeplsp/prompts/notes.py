"""Notes: what is told beside the code, as far as there is room: what it uses, what is certain, who calls it.

The most telling comes first; each kind takes at most half of what is left, so that none takes all. It must
not know how anything was found.
"""

from collections.abc import Iterable, Iterator, Mapping

from sleeplsp.core.facts import MODULE
from sleeplsp.prompts.context import Imported, ModuleContext, Use
from sleeplsp.prompts.fence import clean, fenced, line, size
from sleeplsp.prompts.slicing import Slice

_SHARE = 0.5
_BETWEEN = "\n\n"


def noted(context: ModuleContext, part: Slice, titles: Mapping[str, str], bytes_max: int) -> Iterator[str]:
    """Yield fenced blocks of at most so many bytes between their titles; what has no title is left out."""
    left = bytes_max
    for name, items, between in _kinds(context, part):
        kept = list(_kept(items, left * _SHARE, between)) if name in titles else []
        if kept:
            text = between.join(kept)
            left -= size(text)
            yield fenced(titles[name], text)


def certain(context: ModuleContext, subjects: Iterable[str]) -> Iterator[str]:
    """Yield what was deduced of symbols, one line each."""
    for each in subjects:
        for sentence in context.sentences.get(each, ()):
            yield line(f"{each}: {sentence}")


def _kinds(context: ModuleContext, part: Slice) -> Iterator[tuple[str, Iterable[str], str]]:
    subjects = frozenset(part.subjects)
    used = (each for each in context.imported if part.parts == 1 or subjects.intersection(each.used_by))
    yield "imported", map(_imported, used), "\n"
    yield "certain", certain(context, (*part.subjects, *part.beside)), "\n"
    yield "uses", (_use(each) for each in context.uses if each.symbol in subjects), _BETWEEN
    yield "tests", (_use(each) for each in context.tests if each.symbol in subjects), _BETWEEN
    # What a commit was about is told of the module as a whole.
    subject_lines = context.subjects if MODULE in subjects else ()
    yield "subjects", map(line, subject_lines), "\n"


def _kept(items: Iterable[str], bytes_max: float, between: str) -> Iterator[str]:
    """Yield the items that have room; one that is too long does not keep others away."""
    left = bytes_max
    for each in items:
        needed = size(each) + size(between)
        if needed <= left:
            left -= needed
            yield each


def _imported(each: Imported) -> str:
    told = [f"{line(each.ref)}: {line(each.signature)}"]
    told += [f"    {line(said)}" for said in (each.doc, *each.sentences) if said]
    return "\n".join(told)


def _use(each: Use) -> str:
    return f"{line(each.symbol)} in {line(each.ref)}:\n{clean(each.code).strip(chr(10))}"
