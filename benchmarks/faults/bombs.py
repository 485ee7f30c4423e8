"""Modules that are made to explode: deep, wide, long, tangled. Pure.

Each is a text of Python and what is exaggerated in it.
"""

from collections.abc import Callable, Mapping

Bomb = Callable[[], str]

_MIB = 1024 * 1024
_LINE_MEAN = 150
"""Bytes: a text whose lines are longer is left out as minified, and nothing is tried."""


def _wrapped(opening: str, inner: str, closing: str, depth: int) -> str:
    """Return an expression in so many others, on lines that are not too long to be read."""
    lines = (
        "\n".join(part * min(1000, depth - start) for start in range(0, depth, 1000))
        for part in (opening, closing)
    )
    before, after = lines
    return f"def f(a):\n    return (\n{before}\n{inner}\n{after}\n)\n"


def _indented(header: str, depth: int, last: str) -> str:
    lines = [f"{' ' * level}{header}" for level in range(depth)]
    return "\n".join([*lines, " " * depth + last, ""])


def _branches(count: int) -> str:
    tests = "".join(
        f"    if a == {nth}:\n        b = None if c else {nth}\n        c = b\n" for nth in range(count)
    )
    return f"def f(a, b=None, c=None):\n{tests}    return b.x\n"


def _elif_chain(count: int) -> str:
    arms = "".join(
        f"    elif a == {nth}:\n        return {nth if nth % 7 else None}\n" for nth in range(count)
    )
    return f"def f(a):\n    if a is None:\n        return a.x\n{arms}    return None\n"


def _ring(count: int) -> str:
    functions = (
        f"def f{nth}(a):\n    return f{(nth + 1) % count}(a) or f{(nth * 7) % count}(a)\n"
        for nth in range(count)
    )
    return "\n".join(functions)


def _loops(depth: int) -> str:
    lines = ["def f(a):"]
    lines += [f"{' ' * (level + 1)}for v{level} in a:" for level in range(depth)]
    lines += [f"{' ' * (depth + 1)}v{level} = v{(level + 1) % depth}.x" for level in range(depth)]
    return "\n".join([*lines, ""])


def _assignments(count: int) -> str:
    lines = "".join(f"    v{nth} = g(v{nth - 1}, {nth})\n" for nth in range(1, count))
    return f"def g(a, b):\n    return a or b\n\n\ndef f(v0):\n{lines}    return v{count - 1}\n"


def text_of(name: str) -> str:
    """Return a bomb, with so many empty lines behind it that it is not left out for its long ones."""
    text = BOMBS[name]()
    wanted = len(text) // _LINE_MEAN - text.count("\n")
    return text if name in _AS_THEY_ARE else text + "\n" * max(wanted, 0)


def _until(size: int, part: Callable[[int], str]) -> str:
    parts, taken, nth = [], 0, 0
    while taken < size:
        parts.append(part(nth))
        taken += len(parts[-1])
        nth += 1
    return "".join(parts)


_NEARLY = _MIB - 4096
"""Bytes of a text that is still read."""

BOMBS: Mapping[str, Bomb] = {
    "parentheses, 10,000 deep": lambda: _wrapped("(", "a", ")", 10_000),
    "parentheses, 100,000 deep": lambda: _wrapped("(", "a", ")", 100_000),
    "lists, 10,000 deep": lambda: _wrapped("[", "a", "]", 10_000),
    "calls, 10,000 deep": lambda: _wrapped("f(", "a", ")", 10_000),
    "calls, 100,000 deep": lambda: _wrapped("f(", "a", ")", 100_000),
    "dicts, 10,000 deep": lambda: _wrapped("{1:", "a", "}", 10_000),
    "lambdas, 10,000 deep": lambda: _wrapped("lambda: ", "a", "", 10_000),
    "not, 10,000 times": lambda: _wrapped("not ", "a", "", 10_000),
    "not, 100,000 times": lambda: _wrapped("not ", "a", "", 100_000),
    "conditionals, 10,000 deep": lambda: _wrapped("a if a else ", "a", "", 10_000),
    "attributes, 10,000 long": lambda: _wrapped("", "a", ".x", 10_000),
    "attributes, 100,000 long": lambda: _wrapped("", "a", ".x", 100_000),
    "brackets that never close, 100,000": lambda: "\n".join("(" * 1000 for _ in range(100)),
    "if, 1,000 deep": lambda: "def f(a):\n" + _indented(" if a:", 1_000, " pass"),
    "def, 1,000 deep": lambda: _indented("def f(a):", 1_000, "pass"),
    "class, 1,000 deep": lambda: _indented("class C:", 1_000, "pass"),
    "try, 500 deep": lambda: (
        "def f(a):\n"
        + "".join(f"{' ' * (n + 1)}try:\n" for n in range(500))
        + f"{' ' * 501}a()\n"
        + "".join(f"{' ' * (500 - n)}except E{n}:\n{' ' * (501 - n)}raise\n" for n in range(500))
    ),
    "for, 90 deep": lambda: _loops(90),
    "a sum of 1 MB": lambda: (
        "def f(a):\n    return (\n" + _until(_NEARLY, lambda n: f"    a{n} +\n") + "    1)\n"
    ),
    "and/or of 1 MB": lambda: (
        "def f(a):\n    return (\n"
        + _until(_NEARLY, lambda n: f"    a.x{n} {'and' if n % 2 else 'or'}\n")
        + "    a)\n"
    ),
    "a string of 1 MB": lambda: (
        "def f(a):\n    return (\n" + _until(_NEARLY, lambda n: f'    "text {n}"\n') + "    )\n"
    ),
    "one line of 1 MB": lambda: "x = " + _until(_NEARLY, lambda n: f"{n} + ") + "1\n",
    "a dict literal of 1 MB": lambda: (
        "def f(a):\n    return {\n" + _until(_NEARLY, lambda n: f'    "key {n}": [a, {n}],\n') + "    }\n"
    ),
    "a dict of equal keys, 1 MB": lambda: "x = {\n" + _until(_NEARLY, lambda n: f'    "key": {n},\n') + "}\n",
    "5,000 branches": lambda: _branches(5_000),
    "10,000 arms of elif": lambda: _elif_chain(10_000),
    "5,000 cases of match": lambda: (
        "def f(a):\n    match a:\n"
        + "".join(f"        case {n}:\n            return None\n" for n in range(5_000))
    ),
    "3,000 functions in a circle": lambda: _ring(3_000),
    "20,000 assignments": lambda: _assignments(20_000),
    "20,000 functions": lambda: "".join(f"def f{n}(a):\n    return a\n" for n in range(20_000)),
    "2 MB": lambda: _until(2 * _MIB, lambda n: f"x{n} = {n}\n"),
    "nothing but NUL": lambda: "\0" * 100_000,
}

_AS_THEY_ARE = frozenset(("one line of 1 MB", "2 MB", "nothing but NUL"))
"""What is to be left out, and told of."""
