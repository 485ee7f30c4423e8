"""A repository of any number of modules, the same for the same seed.

Modules of about a hundred lines lie in packages of twenty. A package imports from packages near it that are
of a lower layer, a module from modules of its package that stand below it, and both from a few that all use:
so the call graph is as deep as in a repository that people have written, whatever its size, and half of all
calls lead into other modules. Some functions return None where they find nothing, most callers ask, and in
few modules one does not. A module's text depends on its number and the seed alone. Pure, but for `write`.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = 20
"""Modules of a package."""

LAYERS = 8
SHELVES = 5
"""Of modules within a package; each imports from those below it."""

COMMON = 10
"""Modules that any other package may import: the first ones."""

NEAR = 12
"""Packages up to this far away are imported from."""

SUSPICIOUS_ONE_IN = 50
SUBCLASSED = 0.3
"""Share of classes that have a base in another module, where there is one."""

FUNCTIONS = 4
"""Of a module, besides those that all have."""

_NOUNS = (
    "order",
    "item",
    "user",
    "page",
    "rule",
    "event",
    "field",
    "route",
    "token",
    "cache",
    "batch",
    "label",
)


class Import(NamedTuple):
    """A module that another one imports."""

    number: int
    name: str
    """How it is called there."""


Part = Callable[[str, int, Import | None, random.Random], str]
"""Writes one function of a module."""


def path_of(number: int) -> str:
    """Return where a module lies, relative to the root."""
    package = number // PACKAGE
    return f"area_{package // 25:03}/package_{package:05}/{_NOUNS[number % len(_NOUNS)]}_{number}.py"


def dotted(number: int) -> str:
    """Return the name a module is imported by."""
    return path_of(number).removesuffix(".py").replace("/", ".")


def imports(number: int, seed: int) -> list[Import]:
    """Return what a module imports: always modules of lower numbers or its own package."""
    chance = random.Random(f"imports {seed} {number}")
    package, shelf = divmod(number, PACKAGE)
    found = set()
    if package:
        found.update(chance.sample(range(COMMON), chance.choice((0, 1, 1, 2))))
    below = [package * PACKAGE + each for each in range(PACKAGE) if each % SHELVES < shelf % SHELVES]
    found.update(chance.sample(below, min(len(below), chance.choice((1, 2, 3)))))
    near = [
        each for each in range(max(0, package - NEAR), package) if layer(each, seed) < layer(package, seed)
    ]
    for other in chance.sample(near, min(len(near), chance.choice((0, 1, 2)))):
        found.add(other * PACKAGE + chance.randrange(PACKAGE))
    return [Import(each, f"{_NOUNS[each % len(_NOUNS)]}_{each}") for each in sorted(found - {number})]


def layer(package: int, seed: int) -> int:
    """Return the layer of a package."""
    return random.Random(f"layer {seed} {package}").randrange(LAYERS)


def is_suspicious(number: int, seed: int) -> bool:
    """Tell whether a module holds a mistake."""
    return random.Random(f"suspicious {seed} {number}").randrange(SUSPICIOUS_ONE_IN) == 0


def module(number: int, seed: int) -> str:
    """Return a module's text."""
    chance = random.Random(f"module {seed} {number}")
    used = imports(number, seed)
    noun = _NOUNS[number % len(_NOUNS)]
    parts = [
        f'"""What is known of {noun}s, part {number}."""\n\n',
        "import json\nimport logging\n\n",
        *(f"from {dotted(each.number).rpartition('.')[0]} import {each.name}\n" for each in used),
        f"\nlog = logging.getLogger(__name__)\n\nLIMIT = {chance.randrange(10, 1000)}\n",
        _store(noun, chance.choice(used) if used and chance.random() < SUBCLASSED else None, chance),
        _find(noun, chance),
    ]
    pool: list[Part] = [_total, _parse, _walk, _merge, _render, _build, _choose]
    for nth in range(FUNCTIONS):
        other = chance.choice(used) if used else None
        parts.append(chance.choice(pool)(noun, nth, other, chance))
    if is_suspicious(number, seed):
        parts.append(_mistake(noun, chance.choice(used) if used else None))
    return "".join(parts)


def write(root: Path, modules: int, seed: int) -> int:
    """Write a repository; return how many lines it has. One that is there already is left as it is."""
    done = root.parent / f"{root.name}.{seed}.lines"
    if done.is_file():
        return int(done.read_text("utf-8"))
    lines = 0
    for number in range(modules):
        text = module(number, seed)
        lines += text.count("\n")
        file = root / path_of(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for folder in sorted(
        {parent for number in range(0, modules, PACKAGE) for parent in _packages(root, number)}
    ):
        (folder / "__init__.py").touch()
    done.write_text(str(lines), "utf-8")
    return lines


def _packages(root: Path, number: int) -> Iterator[Path]:
    folder = (root / path_of(number)).parent
    yield from (folder, folder.parent)


def _store(noun: str, base: Import | None, chance: random.Random) -> str:
    key = chance.choice(("key", "name", "number"))
    bases = f"({base.name}.{_class(base.number)})" if base else ""
    return f'''

class {noun.title()}Store{bases}:
    """Keeps {noun}s by {key}."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.held: dict[str, str] = {{}}

    def load(self, {key}: str) -> str | None:
        """Return a {noun}, if there is one."""
        if {key} not in self.held:
            log.debug("no {noun} %s", {key})
            return None
        return self.held[{key}]

    def save(self, {key}: str, value: str) -> bool:
        """Keep a {noun}."""
        if len(self.held) >= self.limit:
            raise OverflowError("too many {noun}s")
        is_new = {key} not in self.held
        self.held[{key}] = value
        return is_new

    def longest(self) -> str:
        """Return the longest {noun}."""
        best = ""
        for each in self.held.values():
            if len(each) > len(best):
                best = each
        return best
'''


def _class(number: int) -> str:
    return f"{_NOUNS[number % len(_NOUNS)].title()}Store"


def _find(noun: str, chance: random.Random) -> str:
    first = chance.choice(("value", "text", "entry"))
    return f'''

def find({first}s: dict[str, str], key: str) -> str | None:
    """Look a {noun} up."""
    {first} = {first}s.get(key)
    if not {first}:
        return None
    return {first}.strip()


def create(limit: int = LIMIT) -> "{noun.title()}Store":
    """Make a store of {noun}s."""
    if limit < 0:
        raise ValueError("a limit is not negative")
    return {noun.title()}Store(limit)
'''


def _total(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    find = f"{other.name}.find" if other else "find"
    step = chance.randrange(1, 9)
    return f'''

def total_{nth}(values: dict[str, str], keys: list[str]) -> int:
    """Count the letters of some {noun}s."""
    count = 0
    for key in keys:
        found = {find}(values, key)
        if found is None:
            continue
        count += {step} * len(found.lower())
    return count
'''


def _parse(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    field = chance.choice(("size", "count", "level"))
    check = f"{other.name}.create({field})" if other else f"create({field})"
    return f'''

def parse_{nth}(text: str) -> int:
    """Read the {field} of a {noun}."""
    try:
        told = json.loads(text)
        {field} = int(told["{field}"])
    except (ValueError, KeyError) as error:
        log.warning("no {field}: %s", error)
        return 0
    {check}
    return {field}
'''


def _walk(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    most = chance.randrange(3, 30)
    last = f"{other.name}.find({{}}, str(seen))" if other else "None"
    return f'''

def walk_{nth}(parents: dict[int, int], start: int) -> list[int]:
    """Follow a {noun} to where it came from."""
    seen: list[int] = []
    at = start
    while at in parents and len(seen) < {most}:
        seen.append(at)
        at = parents[at]
    if {last} is not None:
        seen.reverse()
    return seen
'''


def _merge(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    word = chance.choice(("old", "left", "base"))
    make = f"{other.name}.create()" if other else "create()"
    return f'''

def merge_{nth}({word}: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """Put {noun}s together."""
    store = {make}
    for key, value in new.items():
        if key in {word} and {word}[key] != value:
            store.save(key, {word}[key])
        {word}[key] = value
    return {word}
'''


def _render(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    mark = chance.choice("-*+>")
    title = f"{other.name}.create().longest()" if other else f'"{noun}s"'
    return f'''

def render_{nth}(rows: list[tuple[str, int]], width: int = {chance.randrange(20, 80)}) -> str:
    """Show {noun}s as text."""
    lines = [{title}]
    for name, count in rows:
        label = name if len(name) < width else name[: width - 1]
        lines.append("{mark} " + label + ": " + str(count))
    return "\\n".join(lines)
'''


def _build(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    make = f"{other.name}.create" if other else "create"
    return f'''

def build_{nth}(names: list[str], limit: int | None = None) -> int:
    """Fill a store with {noun}s."""
    store = {make}({chance.randrange(5, 50)} if limit is None else limit)
    added = 0
    for name in names:
        if store.load(name) is None and store.save(name, name.upper()):
            added += 1
    return added
'''


def _choose(noun: str, nth: int, other: Import | None, chance: random.Random) -> str:
    low = chance.randrange(1, 20)
    fallback = f"{other.name}.find(dict(enumerated), 'first')" if other else "None"
    return f'''

def choose_{nth}(enumerated: list[tuple[str, str]], wanted: int) -> str | None:
    """Choose one {noun}."""
    if wanted < 0:
        raise IndexError(wanted)
    if not enumerated:
        return None
    if wanted > {low}:
        return {fallback}
    _, value = enumerated[min(wanted, len(enumerated) - 1)]
    return value
'''


def _mistake(noun: str, other: Import | None) -> str:
    find = f"{other.name}.find" if other else "find"
    return f'''

def shout(values: dict[str, str], key: str) -> str:
    """Say a {noun} loudly: it does not ask whether there is one."""
    return {find}(values, key).upper()
'''
