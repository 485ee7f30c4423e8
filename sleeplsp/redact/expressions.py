"""The strings an expression may come to, by its tokens alone, in whatever language.

It must not know what is looked for in them.
"""

import re
from collections.abc import Iterator

Group = tuple[tuple[int, int], ...]
"""Start and end of what stands within the quotes of strings that follow each other: one value."""

TOKENS_MAX = 400
"""Tokens of an expression that are looked at."""

DEPTH_MAX, CHAIN_MAX = 8, 3
"""Brackets within each other, and names that are assigned at once: what has more is made to take time."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t]+|\\\r?\n|\#[^\n]*|//[^\n]*)
    |(?P<line>\r?\n)
    |(?i:[rbuf]{0,2})(?P<mark>\"{3}|'{3})(?P<long>(?:\\.|(?!(?P=mark))[^\\]){0,2000})(?P=mark)
    |(?i:[rbuf]{0,2})(?P<quote>["'`])(?P<short>(?:\\.|(?!(?P=quote))[^\\\n]){0,600})(?P=quote)
    |\\(?P<inner>["'])(?P<escaped>[^"'\\\n]{0,400})\\(?P=inner)
    |(?P<name>\.?[A-Za-z_$][\w$]*!?(?:\.\w+)*|\d[\w.]*)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<compare>[=!]==?|[<>]=?)
    |(?P<ask>\?(?!\?))
    |(?P<colon>:(?!=))
    |(?P<comma>,)
    |(?P<plus>\+)
    |(?P<sign>:=|\|\||\?\?|=(?![>=])|[&*%])""",
    re.VERBOSE,
)
_LITERALS = ("long", "short", "escaped")
_STOPS = frozenset(("lambda", "for", "async", "function", "yield", "return", "new"))
_WRAPPERS = frozenset(
    ("str", "bytes", "bytearray", "SecretStr", "SecretBytes", "Secret", "b64decode", "quote", "quote_plus")
)
"""Calls that give what they are given, in another form."""

_WORDS = frozenset(("or", "and", "if", "else", "not", "in", "is", "await"))


def groups(text: str, position: int, *, with_tables: bool) -> Iterator[Group]:
    """Yield the strings that the expression at a position may come to, as groups that are one value each.

    Of a table they are its values, if those are asked for.
    """
    yield from _Expression(text, position, with_tables=with_tables).groups()


class _Expression:
    """One expression, read once from left to right."""

    def __init__(self, text: str, position: int, *, with_tables: bool) -> None:
        self._text = text
        self._position = position
        self._with_tables = with_tables
        self._brackets: list[str] = []
        self._before = self._word = ""
        """The kind of the token before, its text where it is a word."""
        self._group: list[tuple[int, int]] = []
        self._is_condition = False
        self._is_asked = False
        self._chain = 0

    def groups(self) -> Iterator[Group]:
        """Yield groups as they are complete."""
        for _ in range(TOKENS_MAX):
            token = _TOKEN.match(self._text, self._position)
            kind = _kind(token)
            if token is None or self._chain > CHAIN_MAX or self._is_end(kind, token[0]):
                break
            self._position = token.end()
            if kind in ("space", "line") or (kind == "plus" and self._group):
                continue
            if kind == "literal":
                self._literal(token)
                continue
            if self._group and not self._is_key(kind):
                yield tuple(self._group)
            self._group.clear()
            self._step(kind, token[0])
        if self._group:
            yield tuple(self._group)

    def _is_end(self, kind: str, word: str) -> bool:
        if kind == "name":
            is_next = self._before in ("literal", "name") and word not in _WORDS and word[0] != "."
            return word in _STOPS or (is_next and not self._brackets)
        if word == "{" and not self._with_tables:
            return True
        if self._brackets:
            return len(self._brackets) > DEPTH_MAX
        return kind in ("line", "comma", "close") or (kind == "colon" and not self._is_asked)

    def _is_key(self, kind: str) -> bool:
        return kind == "compare" or (kind == "colon" and self._brackets[-1:] == ["{"])

    def _literal(self, token: re.Match[str]) -> None:
        if self._before not in ("compare", "in") and not self._is_condition:
            self._group.append(next(token.span(each) for each in _LITERALS if token[each] is not None))
        if self._before != "compare":
            self._before = "literal"

    def _step(self, kind: str, word: str) -> None:
        if (
            kind == "open"
            and word != "{"
            and self._before in ("name", "close")
            and self._word not in _WRAPPERS
        ):
            self._skip()
            kind = "close"
        elif kind == "open":
            self._brackets.append(word)
        elif kind == "close":
            self._brackets.pop()
        elif kind == "ask":
            self._is_asked = True
        elif word == "=":
            self._chain += 1
        elif word in ("if", "else"):
            self._is_condition = word == "if"
        self._before = word if word in _WORDS else kind
        self._word = word.rpartition(".")[2] if kind == "name" else ""

    def _skip(self) -> None:
        """Go behind the bracket that closes the one before; the arguments of a call, an index."""
        depth = 1
        for _ in range(TOKENS_MAX):
            token = _TOKEN.match(self._text, self._position)
            kind = _kind(token)
            self._position = token.end() if token is not None else self._position + 1
            depth += (kind == "open") - (kind == "close")
            if not depth:
                return
            if depth > DEPTH_MAX:
                break
        self._position = len(self._text)


def _kind(token: re.Match[str] | None) -> str:
    if token is None:
        return ""
    if any(token[each] is not None for each in _LITERALS):
        return "literal"
    return token.lastgroup or ""
