"""Clauses: a question as what is said in it, each word in its place and with what it stands with.

Small words, negations, articles that count and tenses stay where they are, for they tell who does what to
whom. Only what surely means the same becomes one: voices, the question word and its kind, where a clause
stands, and of what a property is told. It must not know any question that was anticipated.
"""

import re
from collections.abc import Collection, Sequence

import msgspec

from sleeplsp.answers.ask.grammar import (
    ADVERBS,
    AUXILIARIES,
    BE,
    COUNTS,
    EMPTY,
    JOINTS,
    MODALS,
    OPENINGS,
    PARTICIPLES,
    POSSIBLE,
    PREPOSITIONS,
    PROPERTIES,
    QUESTIONED,
    SETTINGS,
    SPEAKERS,
    TENSES,
    UNBENT,
)
from sleeplsp.answers.ask.vocabulary import PHRASES
from sleeplsp.answers.ask.wants import Wants, wants
from sleeplsp.answers.ask.wording import canonical, plain, tokens

SUBJECT = "<subject>"
"""Stands for what all is about."""

ASKED = "?"
"""Stands for what is asked for, and before the words that name it."""

_NOT = "not"


class Clause(msgspec.Struct, frozen=True):
    """A part of a question."""

    joint: str
    """What ties it to the main clause, `when` for any condition; '' for the main clause itself."""
    words: tuple[str, ...]
    """Its words in the order: who, does, to whom, and then the rest as it stands."""


class Said(msgspec.Struct, frozen=True):
    """What is said in a question."""

    wants: Wants
    clauses: tuple[Clause, ...]
    """The main clause, then the others as they come."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words, clause by clause, each clause behind what ties it."""
        return tuple(each for clause in self.clauses for each in (clause.joint, *clause.words) if each)


def said(question: str, names: Collection[str] = (), own: Collection[str] = ()) -> Said:
    """Return what is said in a question.

    `names` mean something here, as parameters do, and are not bent; those in `own` are what all is about.
    """
    text = plain(question)
    kind = wants(text)
    for phrase, word in _PHRASES:
        text = phrase.sub(word, text)
    return _Saying(names, own).said(text, kind)


class _Saying:
    """What is known of the words while one question is read."""

    def __init__(self, names: Collection[str], own: Collection[str]) -> None:
        self._names = frozenset(names)
        self._negates = False
        called = "|".join(re.escape(each.lower()) for each in own if each not in self._names)
        self._called = re.compile(_CALLED.format(called) if called else r"(?!)")

    def said(self, text: str, kind: Wants) -> Said:
        """Return what a question says that is in lower case and wants an answer of a kind."""
        words = self._subjects(tokens(self._called.sub("it", text)))
        self._negates = not _NEGATIONS.isdisjoint(words)
        kind, words = _opened(kind, words)
        if self._is_of_name(words):
            kind, words = Wants.PURPOSE, words[-1:]
        words = self._related(words)
        if kind is Wants.DIFFERENCE:
            sides = sorted(" ".join(self._words(each.split())) for each in " ".join(words).split("&"))
            return Said(kind, (Clause("", tuple(sides)),))
        if kind is Wants.PURPOSE:
            return Said(kind, (Clause("", self._words(words)),))
        (_, main), *others = _parted(words, kind)
        if kind is Wants.HAPPENS:
            main, others = [], [*([("when", main)] if main else []), *others]
        clauses = [Clause(joint, self._condition(joint, each)) for joint, each in others]
        return _settled(kind, [Clause("", self._main(main, kind)), *clauses])

    def _is_of_name(self, words: Sequence[str]) -> bool:
        """Tell whether a question is what a name of the code is: who asks that wants to know what for."""
        if len(words) < 3 or words[0] != "what" or words[1] not in BE or words[-1] not in self._names:
            return False
        return not set(words[2:-1]) - EMPTY - SETTINGS

    def _subjects(self, words: Sequence[str]) -> list[str]:
        """Return words with `SUBJECT` for what all is about, but where that is only told once more."""
        found: list[str] = []
        for at, word in enumerate(words):
            ends = word in ("this", "that") and (words[at + 1 : at + 2] or ["of"])[0] in PREPOSITIONS
            if word not in ("it", "itself") and not ends:
                found.append(word)
            elif found and found[-1] in ("of", "in"):
                found.pop()
            else:
                found.append(SUBJECT)
        return found

    def _main(self, words: Sequence[str], kind: Wants) -> tuple[str, ...]:
        at = next((i for i, each in enumerate(words) if each in AUXILIARIES), -1)
        if at < 0 or (at and words[0] not in QUESTIONED):
            return self._words(_asking(words))
        fronted, auxiliary, rest = _asking(words[:at]), words[at], list(words[at + 1 :])
        before = () if auxiliary in MODALS and kind in POSSIBLE else self._tense(auxiliary, rest)
        if auxiliary in BE:
            told = [each for each in rest if each not in EMPTY]
            is_property = told[1:] in ([], ["one"]) and canonical("".join(told[:1])) in PROPERTIES
            if len(fronted) > 1 and is_property:
                return ("be", *self._words([fronted[0], told[0], *fronted[1:]]))
            return (*before, *self._being([*fronted, *rest]))
        be = next((i for i, each in enumerate(rest) if each == "be"), -1)
        if auxiliary in MODALS and be >= 0:
            return (*before, *self._being([*fronted, *rest[:be], *rest[be + 1 :]]))
        nots = [_NOT] if _NOT in rest[:2] else []
        if rest[:1] == [SUBJECT] or rest[:2] == [_NOT, SUBJECT]:
            rest = rest[1 + len(nots) :] if nots else rest[1:]
            verb, tail = rest[:1], rest[1:]
            if verb and verb[0] in MODALS and not fronted:
                return self._main([*verb, *nots, SUBJECT, *tail], kind)
            return (*before, *nots, *self._words([*verb, *fronted, *tail]))
        return (*before, *self._words([*rest, *fronted]))

    def _tense(self, auxiliary: str, rest: Sequence[str]) -> tuple[str, ...]:
        return (auxiliary,) if auxiliary in MODALS and _NOT in rest else TENSES.get(auxiliary, ())

    def _being(self, words: list[str]) -> tuple[str, ...]:
        """Return what something is, or what is done to it by whom."""
        at = self._done(words)
        if at < 0 or any(each in ("that", "which", "who", *BE) for each in words[:at]):
            return ("be", *self._words(words))
        patient, verb, tail = words[:at], words[at], words[at + 1 :]
        nots = [each for each in patient if each in (_NOT, "never")]
        if COUNTS & set(patient):
            nots = nots if patient[-1] in nots else []  # not all rows, or all rows not
        patient = [each for each in patient if each not in nots]
        agent: list[str] = []
        if tail[:1] == ["by"]:
            end = next((i for i, each in enumerate(tail[1:], 1) if each in PREPOSITIONS), len(tail))
            agent, tail = tail[1:end], tail[end:]
            agent = [] if agent == [SUBJECT] else agent
        done = (self._canonical(verb),)
        return (*self._words(agent), *nots, *done, *self._words(patient), *self._words(tail))

    def _done(self, words: Sequence[str]) -> int:
        """Return where what is done is told; -1 if that is not sure."""
        for at, word in enumerate(words):
            after = words[at + 1] if at + 1 < len(words) else ""
            ends = not after or after in PREPOSITIONS or after in ADVERBS
            if at and ends and (word in UNBENT or _is_participle(word)):
                return at
        return -1

    def _condition(self, joint: str, words: Sequence[str]) -> tuple[str, ...]:
        """Return a clause that hangs on the main one, of a thing and its property the property first."""
        words = [each for each in words if each != "there" or len(words) == 1]
        at = next((i for i, each in enumerate(words) if each in BE or each in _HAS), -1)
        if at > 0:
            return self._told(joint, words[:at], words[at], words[at + 1 :])
        if words[:1] == [SUBJECT]:
            return self._words(words[1:])
        found = [each for each in words if each not in EMPTY]
        if joint == "when" and len(found) > 1 and _is_participle(found[0]):
            return (self._canonical(found[0]), *self._words(found[1:]))
        return self._words(words)

    def _told(self, joint: str, thing: list[str], be: str, told: list[str]) -> tuple[str, ...]:
        """Return what a clause tells of a thing."""
        thing = thing[:-1] if thing[-1] == "that" else thing
        nots = [_NOT] if told[:1] == [_NOT] else []
        told = [each for each in told[len(nots) :] if each not in EMPTY]
        if joint == "when" and len(told) == 1 and _is_of(be, told[0]):
            return (*nots, *_past(be), self._canonical(told[0]), *self._words(thing))
        if be in BE:
            return (*_past(be), *self._being([*thing, *nots, *told]))
        return self._words([*thing, be, *nots, *told])

    def _words(self, words: Sequence[str]) -> tuple[str, ...]:
        kept = (each for each in words if each in self._names or each not in EMPTY)
        return tuple(self._word(each) for each in kept)

    def _related(self, words: Sequence[str]) -> list[str]:
        """Return words with each property before its thing: a job that runs is a running one."""
        found: list[str] = []
        at = 0
        while at < len(words):
            told = list(words[at + 1 : at + 3])
            more = len(told) > 1 and (told[0] in BE or told[0] in _HAS) and _is_of(told[0], told[1])
            told = told[1:] if more else told[:1]
            after = words[at + 2 + bool(more) :][:1]
            ends = not after or after[0] in PREPOSITIONS or _is_participle(after[0])
            if words[at] != "that" or not found or not told or not ends:
                found.append(words[at])
                at += 1
                continue
            is_bent = more or canonical(told[0]) in PROPERTIES or told[0].endswith("ing")
            found.insert(len(found) - 1, told[0] if is_bent else f"{canonical(told[0])}-ing")
            at += 2 + bool(more)
        return found

    def _word(self, word: str) -> str:
        """Return a word as one that means the same, marked with how it is bent if that tells a role."""
        if word in self._names or word in (SUBJECT, ASKED) or "-" in word:
            return word
        stem = self._canonical(word)
        if word in PROPERTIES or stem in PROPERTIES:
            return stem
        if word.endswith("ing") and len(word) > 5:
            return f"{stem}-ing"
        return f"{stem}-ed" if _is_participle(word) else stem

    def _canonical(self, word: str) -> str:
        # What need not be may be, and what must not be may not.
        is_own = word in self._names or (self._negates and canonical(word) == _MUST)
        return word if is_own else canonical(word)


def _opened(kind: Wants, words: list[str]) -> tuple[Wants, list[str]]:
    """Return a question without what only tells its kind, and its kind."""
    text, is_opened = " ".join(words), False
    for wanted, pattern, put in _OPENED:
        if kind is wanted and (found := pattern.match(text)):
            text, is_opened = found.expand(put), True
    if kind is Wants.HOW and text.startswith("how to "):
        return Wants.WAY, [canonical(text.split()[2]), *text.split()[3:]]
    if is_opened:
        return kind, text.split()
    if kind in (Wants.PURPOSE, Wants.DIFFERENCE):
        return Wants.WHAT, words
    if kind is Wants.HAPPENS:
        return Wants.HOW, words
    return kind, words


def _parted(words: Sequence[str], kind: Wants) -> list[tuple[str, list[str]]]:
    """Return the main clause and those that hang on it, each behind what ties it."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for at, word in enumerate(words):
        if word in JOINTS and (at or kind is Wants.HAPPENS):
            parts.append((JOINTS[word], []))
        else:
            parts[-1][1].append(word)
    return parts


def _asking(words: Sequence[str]) -> list[str]:
    """Return words with `ASKED` in the place of what asks for something."""
    asking = [
        each
        for at, each in enumerate(words)
        if not at or words[at - 1] not in ("what", "which") or canonical(each) != _ELEMENT
    ]
    asking = [ASKED if each in ("what", "which", "who", "whom") else each for each in asking]
    return [each for each in asking if each not in ("how", "why", "when", "where")]


def _settled(kind: Wants, clauses: list[Clause]) -> Said:
    """Return what is said, where what is returned or raised is what happens."""
    main = clauses[0].words
    clauses = [*clauses[:1], *map(_failing, clauses[1:])]
    if kind is Wants.CAN and main[:1] == ("be",):
        kind = Wants.WHETHER
    if kind in (Wants.WHAT, Wants.RETURNS, Wants.RAISES, Wants.FAILS, Wants.WHETHER):
        verb, thing, rest = main[:1], [each for each in main[1:2] if each == ASKED], main[2:]
        if verb == (_RETURN,) and thing:
            kind, main = Wants.RETURNS, rest
        elif verb == (_RAISE,) and thing:
            kind, main = Wants.RAISES, tuple(rest[1:] if rest[:1] == (_ERROR,) else rest)
        elif main[:1] in ((_FAIL,), (_RAISE,)) and kind is Wants.FAILS:
            main = tuple(main[2:] if main[1:2] == (_ERROR,) else main[1:])
        if kind in (Wants.RETURNS, Wants.RAISES, Wants.FAILS) and main[:1] in (("for",), ("on",), ("with",)):
            return Said(kind, (Clause("", ()), Clause("when", main[1:]), *clauses[1:]))
    return Said(kind, (Clause("", main), *clauses[1:]))


def _failing(clause: Clause) -> Clause:
    """Return a clause with `fail` where somebody raises what is not told."""
    if clause.words[-1:] != (_RAISE,):
        return clause
    return Clause(clause.joint, (*clause.words[:-1], _FAIL))


def _past(be: str) -> tuple[str, ...]:
    return TENSES.get(be, ()) if be in BE else ()


def _is_of(be: str, told: str) -> bool:
    """Tell whether a word behind a form of `be` or `have` tells what a thing is."""
    is_property = told in PROPERTIES or canonical(told) in PROPERTIES
    # What has closed need not be closed, but did so to something.
    return is_property or (be in BE and (_is_participle(told) or told.endswith("ing")))


def _is_participle(word: str) -> bool:
    return word in PARTICIPLES or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


_NEGATIONS = frozenset((_NOT, "no", "never"))
_MUST = canonical("must")
_HAS = frozenset(("has", "have"))
_PHRASES = tuple((re.compile(pattern), word) for pattern, word in PHRASES)
_OPENED = tuple((kind, re.compile(pattern), put) for kind, pattern, put in OPENINGS)
_THINGS = ("it", "to", "the", "a", "an", "no", *SPEAKERS, *COUNTS, *PROPERTIES)
_BEFORE = "".join(rf"(?<!\b{each} )" for each in _THINGS)
_CALLED = _BEFORE + r"(?<![\w.])(?:(?:{0})\.)*(?:{0})(?:\(\))?(?![\w.(])"
"""A name of what all is about, where it is no verb and no thing of that name."""
_RETURN, _RAISE, _FAIL, _ERROR, _ELEMENT = map(canonical, ("return", "raise", "fail", "error", "element"))
