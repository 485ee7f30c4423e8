"""What became of suspicions: entries in, the funnel out."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import Act, Acted, Entry, Queried, Shown, Suspect, Suspected
from sleeplsp.journal.compacting import compact
from sleeplsp.journal.reading import account
from sleeplsp.journal.schema import migrate
from sleeplsp.journal.writing import write
from tests.fixture_files import FIXTURES, Case, read_cases

CASES = {case.name: case for case in read_cases(FIXTURES / "journal" / "funnel.md")}
DAY_S = 86400.0
ROOT = "r"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
def test_what_became_of_suspicions(case: Case, *, at_once: bool) -> None:
    [entries], [funnel] = case.texts("entries"), case.texts("funnel")
    with closing(tables()) as connection:
        batch: list[Entry] = []
        for step in steps(entries):
            if not isinstance(step, float):
                batch.append(step)
            if not at_once or isinstance(step, float):
                write(connection, batch)
                batch = []
            if isinstance(step, float):
                assert compact(connection, step)
        write(connection, batch)
        assert told(account(connection, ROOT)) == funnel.splitlines()
        assert account(connection, "another") == Account()


def test_queries_are_counts_by_module_and_day() -> None:
    with closing(tables()) as connection:
        asked = [("a.py", True, 1), ("a.py", True, 1), ("a.py", False, 1), ("b.py", True, 2)]
        write(connection, [query(*each) for each in asked * 1000])
        rows = connection.execute("SELECT what, name, count FROM counts ORDER BY what, name").fetchall()
        assert rows == [
            ("hover found", "a.py", 2000),
            ("hover found", "b.py", 1000),
            ("hover missed", "a.py", 1000),
        ]
        assert compact(connection, 200 * DAY_S)
        assert not compact(connection, 200 * DAY_S), "once a day"
        names = connection.execute("SELECT DISTINCT name FROM counts").fetchall()
        assert names == [("",)], "the modules of old days are added up"
        found = account(connection, ROOT)
        assert (found.found, found.missed) == (3000, 1000)


def tables() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


def query(path: str, found: bool, day: int) -> Queried:  # noqa: FBT001  a row of a table
    return Queried(root=ROOT, path=path, kind="hover", found=found, at=day * DAY_S)


def steps(text: str) -> Iterator[Entry | float]:
    """Yield the entries of a case; a time is one at which the journal is compacted."""
    recipe = "one"
    for line in text.splitlines():
        day, word, *rest = line.split()
        at = int(day) * DAY_S
        match word:
            case "recipe":
                recipe = rest[0]
            case "compacted":
                yield at
            case "suspected" | "whole":
                modules = {rest[0]: tuple(map(suspect, rest[1:]))}
                unknown = ("broken.py",) if word == "whole" else None
                yield Suspected(root=ROOT, recipe=recipe, at=at, modules=modules, unknown=unknown)
            case "removed":
                yield Suspected(root=ROOT, recipe=recipe, at=at, modules={}, removed=tuple(rest))
            case "shown":
                yield Shown(root=ROOT, path=rest[0], at=at, suspects=tuple(map(suspect, rest[1:])))
            case _:
                yield Acted(root=ROOT, suspicion=rest[0], act=Act(word), at=at)


def suspect(text: str) -> Suspect:
    name, check, symbol = text.split(":")
    return Suspect(name, check, f"{check} {symbol}")


def told(found: Account) -> list[str]:
    lines = []
    for each in found.funnel:
        acts = {"applied": each.applied, "ignored": each.ignored, "mended": each.mended}
        done = "".join(f", {act} {count}" for act, count in acts.items() if count)
        lines.append(f"{each.check}: made {each.made}, shown {each.shown}{done}")
    return lines
