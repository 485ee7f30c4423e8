"""What is worth remembering on a path: conditions that another one may contradict, what is still empty.

Everything remembered keeps paths apart that would be walked as one, so only what can matter is. Read off
the graph; values must not be known here.
"""

from collections.abc import Iterable, Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program
from sleeplsp.core.flow.render import render
from sleeplsp.core.walk import parts_of
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import State
from sleeplsp.deduce.paths.facts import choice, constant, elementary, members

_LOOKS_ONLY = frozenset(("all", "any", "bool", "isinstance", "len", "max", "min", "repr", "str", "sum"))


class Worth:
    """What one graph's paths remember."""

    def __init__(self, graph: cfg.Graph, program: Program) -> None:
        # What is passed matters beyond this program: ways that differ in it are kept apart.
        passed = {text for each in program.parameters for text in (each.name, f"{each.name} is None")}
        times = _times(_asked(graph))
        self.texts = frozenset(_repeated(times)) | passed
        """Conditions that are decided at more than one place, or matter beyond the program."""
        self._choices = frozenset(_choices(graph))
        self._empty = (frozenset(_emptied(graph)) & times.keys()) - program.captured

    def learn(self, step: cfg.Step, state: State) -> None:
        """Remember what a step that has run tells of later conditions; forget what it may have filled."""
        if state.facts is None:
            return
        if self._empty and state.facts:
            self._touch({name for part in _parts(step) for name in _handed(part, looking=False)}, state)
        if not isinstance(step, flow.Assign) or len(step.targets) != 1:
            return
        target = step.targets[0]
        if isinstance(target, flow.Name) and target.id in self._empty and _is_empty(step.value):
            state.facts[render(target)] = False
        elif self._choices and (text := constant(step.value)) and (what := render(target)) in self._choices:
            state.facts[f"{what} == {text}"] = True

    def decide(self, test: Expression, state: State) -> None:
        """Forget what deciding a condition may have filled."""
        if self._empty and state.facts:
            self._touch(set(_handed(test, looking=True)), state)

    def _touch(self, names: set[str], state: State) -> None:
        for name in names & self._empty:
            if state.facts and state.facts.get(name) is False:
                del state.facts[name]


def repeats(graph: cfg.Graph) -> bool:
    """Tell whether something is decided at more than one place: else no two decisions can disagree."""
    branches = [block for block in graph.blocks if isinstance(block.exit, cfg.Branch)]
    return len(branches) > 1 and any(_repeated(_times(_decided(branches))))


def _times(asked: Iterable[set[str]]) -> dict[str, int]:
    times: dict[str, int] = {}
    for texts in asked:
        for text in texts:
            times[text] = times.get(text, 0) + 1
    return times


def _repeated(times: dict[str, int]) -> Iterator[str]:
    for text, count in times.items():
        several = members(text)
        if count > 1 or (several and all(times.get(each, 0) > 1 for each in several)):
            yield text


def _decided(blocks: Iterable[cfg.Block]) -> Iterator[set[str]]:
    for block in blocks:
        if isinstance(block.exit, cfg.Branch):
            test = block.exit.same_as or block.exit.test
            yield {text for holds in (True, False) for text, _ in elementary(test, holds=holds)}


def _asked(graph: cfg.Graph) -> Iterator[set[str]]:
    for block in graph.blocks:
        asked = set().union(*_decided((block,)))
        if isinstance(block.exit, cfg.Turn):
            asked.update(text for text, _ in elementary(block.exit.source, holds=True))
        for step in block.steps:
            if isinstance(step, flow.Assign) and isinstance(step.value, (flow.Compare, flow.Not, flow.Call)):
                asked.update(text for text, _ in elementary(step.value, holds=True))
        yield asked


def _choices(graph: cfg.Graph) -> Iterator[str]:
    """Yield what is compared with constants."""
    for block in graph.blocks:
        if isinstance(block.exit, cfg.Branch):
            for holds in (True, False):
                found = choice(block.exit.same_as or block.exit.test, holds=holds)
                if found is not None:
                    yield found[0]


def _emptied(graph: cfg.Graph) -> Iterator[str]:
    """Yield the variables an empty container is assigned to."""
    for block in graph.blocks:
        for step in block.steps:
            if isinstance(step, flow.Assign) and len(step.targets) == 1 and _is_empty(step.value):
                target = step.targets[0]
                if isinstance(target, flow.Name):
                    yield target.id


def _is_empty(value: Expression) -> bool:
    if isinstance(value, (flow.Display, flow.Mapping)):
        return not value.items
    called = value.callee if isinstance(value, flow.Call) and not value.arguments else None
    return isinstance(called, flow.Name) and called.id in ("dict", "list", "set")


def _parts(step: cfg.Step) -> Iterator[Expression]:
    if isinstance(step, (cfg.Enter, cfg.Release)):
        yield step.context
    else:
        yield from parts_of(step)


def _handed(node: Expression, *, looking: bool) -> Iterator[str]:
    """Yield the variables that something may be put into by an expression."""
    pending = [(node, looking)]
    while pending:
        each, looking = pending.pop()
        if isinstance(each, flow.Name):
            if not looking:
                yield each.id
            continue
        looking = _looks_only(each)
        pending.extend((part, looking) for part in each.parts())


def _looks_only(node: Expression) -> bool:
    if isinstance(node, flow.Call):
        return isinstance(node.callee, flow.Name) and node.callee.id in _LOOKS_ONLY
    return isinstance(node, (flow.Compare, flow.Not))
