"""Merging: votes, grades, what is taken back; the order of the replies does not matter."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.insight import (
    Edit,
    Evidence,
    Fix,
    Grade,
    Invariant,
    Place,
    Question,
    Severity,
    Suspicion,
    Votes,
)
from sleeplsp.prompts.merge import WAYS_MAX, claim_id, concatenate, merge
from sleeplsp.prompts.reply.held import Held

ASKED = ("<module>", "f", "g")


def bug(first: int = 3, last: int = 5, message: str = "It is off by one.", **other: object) -> Suspicion:
    place = Place("m.py::f", first, last)
    given: dict[str, object] = {
        "category": "wrong-boundary",
        "symbol": "f",
        "place": place,
        "quote": "a[b]",
        "message": message,
        "severity": Severity.WARNING,
        "evidence": (Evidence(place, "a[b]", "here"),),
        "shown": False,
        "grade": Grade.SINGLE,
        "id": f"{first}-{last}",
    }
    return Suspicion(**{**given, **other})  # type: ignore[arg-type]  # fields by name, in a test


def rule(sentence: str, check: str | None = None, symbol: str = "f") -> Invariant:
    return Invariant(kind="returns", symbol=symbol, sentence=sentence, check=check, grade=Grade.SINGLE)


def ask(question: str, symbol: str = "f", ways: tuple[str, ...] = ()) -> Question:
    return Question(symbol=symbol, question=question, answer="The last one wins.", ways=ways)


def test_what_most_say_is_agreed() -> None:
    held = [
        Held(subjects=ASKED, suspicions=(bug(),)),
        Held(subjects=ASKED, suspicions=(bug(5, 6),)),
        Held(subjects=ASKED, suspicions=(bug(8, 9),)),
    ]
    insight = merge("m.py", "k", held)
    assert [(each.grade, each.votes) for each in insight.suspicions] == [
        (Grade.AGREED, Votes(2, 3)),
        (Grade.SINGLE, Votes(1, 3)),
    ]
    assert insight.generations == 3
    assert len(concatenate("m.py", "k", held).suspicions) == 3


@pytest.mark.parametrize(
    ("agreed", "of", "grade"),
    [(1, 1, "single"), (2, 2, "agreed"), (2, 4, "single"), (3, 5, "agreed"), (2, 5, "single")],
)
def test_agreed_are_two_at_least_and_more_than_half(agreed: int, of: int, grade: str) -> None:
    held = [Held(subjects=ASKED, suspicions=(bug(),) if number < agreed else ()) for number in range(of)]
    (found,) = merge("m.py", "k", held).suspicions
    assert (found.grade.value, found.votes) == (grade, Votes(agreed, of))


def test_only_those_vote_who_were_asked() -> None:
    held = [
        Held(subjects=("f",), suspicions=(bug(),)),
        Held(subjects=("g",)),
        Held(subjects=("f",), suspicions=(bug(),)),
        Held(subjects=("g",)),
    ]
    insight = merge("m.py", "k", held)
    assert [each.votes for each in insight.suspicions] == [Votes(2, 2)]
    assert insight.generations == 2


def test_the_same_in_other_words() -> None:
    held = [
        Held(subjects=ASKED, invariants=(rule("The result is never longer than `limit`."),)),
        Held(subjects=ASKED, invariants=(rule("It returns results that are never longer than limit."),)),
        Held(subjects=ASKED, invariants=(rule("The result is longer than `limit`."),)),
        Held(subjects=ASKED, invariants=(rule("At most so many.", "len(result) <= limit"),)),
        Held(subjects=ASKED, invariants=(rule("No more than that.", "len( result )<=limit"),)),
    ]
    insight = merge("m.py", "k", held)
    assert [each.votes for each in insight.invariants] == [Votes(2, 5), Votes(2, 5)]


def test_of_claims_that_contradict_each_other_the_one_with_more_votes_stays() -> None:
    yes, no = rule("Rows are always sorted."), rule("Rows are never sorted.")
    for held, kept in (([yes, no], []), ([yes, yes, no], [yes]), ([no, yes, no], [no])):
        insight = merge("m.py", "k", [Held(subjects=ASKED, invariants=(each,)) for each in held])
        assert [each.sentence for each in insight.invariants] == [each.sentence for each in kept]


def test_questions_that_are_much_alike() -> None:
    held = [
        Held(subjects=ASKED, questions=(ask("What happens when two rows have one key?"),)),
        Held(subjects=ASKED, questions=(ask("What happens if two rows have one key here?"),)),
        Held(subjects=ASKED, questions=(ask("What happens when two rows never have one key?"),)),
    ]
    insight = merge("m.py", "k", held)
    assert [each.votes for each in insight.questions] == [Votes(2, 3), Votes(1, 3)]


def test_wordings_of_all_generations_are_kept() -> None:
    asked = "What happens when two rows have one key?"
    held = [
        Held(subjects=ASKED, questions=(ask(asked, ways=("Which row wins?", "Are keys unique?")),)),
        Held(
            subjects=ASKED, questions=(ask("When two rows have one key?", ways=("Can a key come twice?",)),)
        ),
        Held(subjects=ASKED, questions=(ask(asked, ways=("Are keys unique", "WHICH row wins?")),)),
    ]
    (question,) = merge("m.py", "k", held).questions
    assert question.question == asked
    # What only sounds alike may mean something else, and neither are its wordings taken.
    assert question.ways == ("Are keys unique", "WHICH row wins?")
    many = [
        Held(questions=(ask(asked, ways=tuple(f"Is it row {n}{m}?" for m in range(3))),)) for n in range(9)
    ]
    assert len(merge("m.py", "k", many).questions[0].ways) == WAYS_MAX


def test_the_mildest_severity_and_a_fix_are_kept() -> None:
    fix = Fix("t", (Edit(Place("m.py::f", 3, 5), "a[-1]"),))
    held = [
        Held(subjects=ASKED, suspicions=(bug(severity=Severity.ERROR),)),
        Held(
            subjects=ASKED,
            suspicions=(bug(severity=Severity.NOTE, fix=fix, message="It is off by one here."),),
        ),
    ]
    (found,) = merge("m.py", "k", held).suspicions
    assert (found.severity, found.fix) == (Severity.NOTE, fix)


def test_a_later_pass_adds_and_takes_back() -> None:
    first = Held(subjects=ASKED, suspicions=(bug(),), invariants=(rule("The rows stay sorted."),))
    known = merge("m.py", "k", [first])
    later = Held(
        subjects=ASKED,
        later=True,
        invariants=(rule("The keys stay unique."),),
        retracted=tuple(claim_id(each) for each in known.suspicions),
    )
    insight = merge("m.py", "k", [first, later])
    assert insight.suspicions == ()
    # It was not to repeat what is known: that it does not is no vote against it.
    assert [(each.sentence, each.votes) for each in insight.invariants] == [
        ("The keys stay unique.", Votes(1, 2)),
        ("The rows stay sorted.", Votes(1, 1)),
    ]


def test_what_is_agreed_is_not_taken_back_by_one() -> None:
    first = [Held(subjects=ASKED, suspicions=(bug(),)) for _ in range(3)]
    known = merge("m.py", "k", first)
    later = Held(subjects=ASKED, later=True, retracted=(claim_id(known.suspicions[0]),))
    (found,) = merge("m.py", "k", [*first, later]).suspicions
    assert (found.grade, found.votes) == (Grade.AGREED, Votes(3, 4))


def test_nothing_is_merged_to_nothing() -> None:
    insight = merge("m.py", "k", [])
    assert (insight.generations, insight.summary, insight.suspicions) == (0, "", ())


SENTENCES = st.sampled_from(
    [
        "The rows stay sorted.",
        "Rows are always sorted.",
        "Rows are never sorted.",
        "Keys stay unique.",
        "Key, unique.",
    ]
)
CLAIMED = st.builds(
    Held,
    subjects=st.sampled_from([ASKED, ("f",), ("g",)]),
    summary=st.one_of(st.just(""), SENTENCES),
    suspicions=st.lists(
        st.builds(
            lambda first, length, message, severity: bug(first, first + length, message, severity=severity),
            st.integers(0, 6),
            st.integers(0, 3),
            SENTENCES,
            st.sampled_from(Severity),
        ),
        max_size=3,
    ).map(tuple),
    invariants=st.lists(
        st.builds(
            rule, SENTENCES, st.sampled_from([None, "a<b", "a < b", "b < a"]), st.sampled_from(["f", "g"])
        ),
        max_size=3,
    ).map(tuple),
    questions=st.lists(
        st.builds(ask, SENTENCES, st.just("f"), st.lists(SENTENCES, max_size=2).map(tuple)), max_size=3
    ).map(tuple),
    later=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAIMED, max_size=4))
def test_the_order_does_not_matter(held: list[Held]) -> None:
    expected = merge("m.py", "k", held)
    for order in itertools.permutations(held):
        assert merge("m.py", "k", order) == expected
        assert concatenate("m.py", "k", order) == concatenate("m.py", "k", held)
    votes = [each.votes for each in expected.suspicions]
    votes += [each.votes for each in expected.invariants]
    votes += [each.votes for each in expected.questions]
    assert all(each is not None and 1 <= each.agreed <= each.of <= len(held) for each in votes)
