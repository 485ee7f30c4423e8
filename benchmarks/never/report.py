"""What was seen of each package's claims, counted and told as Markdown. It must not know how it was seen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.never.claims import Deduced
from benchmarks.never.runs import Run
from benchmarks.never.watching.claims import CONTROLS, KINDS, NEVER_NONE, NEVER_RAISES, PURE

FIGURES = "## Figures\n"
"""The heading of a page below which the figures stand; what is above is written by hand."""

ASKED = (NEVER_NONE, NEVER_RAISES, PURE)
"""Kinds of which nothing is shown if no call of a claimed function was watched."""


class Contradiction(NamedTuple):
    """One claim of one function that calls contradicted."""

    package: str
    ref: str
    kind: str
    calls: int
    examples: tuple[str, ...]
    explained: str
    """Why it is none of the claim's: written in packages.toml; '' for a contradiction that counts."""


class Watched(NamedTuple):
    """One package, its claims watched."""

    name: str
    """With its version, as its folder is called."""
    functions: int
    analysed: int
    called: int
    run: Run
    made: Counter[str]
    """Claims by kind; the same for the four below."""
    exercised: Counter[str]
    """Claims of functions that were called."""
    calls: Counter[str]
    controls: Counter[str]
    """Functions called of which the kind is not claimed."""
    refuted: Counter[str]
    """Those of the controls for which a call showed that it could not have been claimed."""
    contradictions: tuple[Contradiction, ...]


def counted(name: str, deduced: Deduced, run: Run, explained: Mapping[str, str]) -> Watched:
    """Return what was seen of a package; `explained` has reasons by 'REFERENCE: KIND'."""
    made: Counter[str] = Counter()
    exercised: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    controls: Counter[str] = Counter()
    refuted: Counter[str] = Counter()
    contradictions = []
    for each in deduced.functions:
        made.update(each.kinds)
        seen = run.functions.get(each.ref)
        if seen is None:
            continue
        exercised.update(each.kinds)
        for kind in each.kinds:
            calls[kind] += seen.returned + seen.raised
            if times := seen.contradicted.get(kind):
                why = explained.get(f"{each.ref}: {kind}", "")
                told = tuple(seen.examples[kind])
                contradictions.append(Contradiction(name, each.ref, kind, times, told, why))
        for kind in set(CONTROLS).difference(each.kinds):
            controls[kind] += 1
            refuted[kind] += kind in seen.contradicted
    return Watched(
        name,
        len(deduced.functions),
        deduced.analysed,
        len(run.functions),
        run,
        made,
        exercised,
        calls,
        controls,
        refuted,
        tuple(contradictions),
    )


def unshown(packages: Sequence[Watched]) -> list[str]:
    """Return the kinds of which nothing is shown: no claim was exercised, or no control was refuted."""
    return [
        kind
        for kind in ASKED
        if not sum(each.exercised[kind] for each in packages)
        or not sum(each.refuted[kind] for each in packages)
    ]


def figures(packages: Sequence[Watched]) -> str:
    """Return tables of all that was seen, and every contradiction, as Markdown."""
    return "\n".join((*_kinds(packages), "", *_packages(packages), "", *_contradictions(packages), ""))


def replace_figures(page: Path, told: str) -> None:
    """Write figures below their heading, keeping what stands above it."""
    text = page.read_text("utf-8") if page.is_file() else ""
    above = text.partition(FIGURES)[0] or '# "Never" claims while tests run\n\n'
    page.write_text(f"{above}{FIGURES}\n{told}", "utf-8")


def _kinds(packages: Sequence[Watched]) -> Iterator[str]:
    yield _row(
        ("claim", "made", "exercised", "calls", "contradicted", "not claimed, called", "of these refuted")
    )
    yield _row(("---", *["---:"] * 6))
    wrong = Counter(
        each.kind for package in packages for each in package.contradictions if not each.explained
    )
    for kind in KINDS:
        made, exercised, calls, controls, refuted = (
            sum(counter[kind] for counter in counters)
            for counters in zip(
                *((each.made, each.exercised, each.calls, each.controls, each.refuted) for each in packages),
                strict=True,
            )
        )
        control = (controls, refuted) if kind in CONTROLS else ("", "")
        yield _row((kind, made, exercised, calls, wrong[kind], *control))


def _packages(packages: Sequence[Watched]) -> Iterator[str]:
    heads = ("tests passed", "failed", "skipped", "functions", "analysed", "called", *ASKED, "contradicted")
    yield _row(("package", *heads))
    yield _row(("---", *["---:"] * len(heads)))
    for each in packages:
        tests = each.run.passed, each.run.failed, each.run.skipped
        shown = (f"{each.exercised[kind]} of {each.made[kind]}" for kind in ASKED)
        wrong = sum(not one.explained for one in each.contradictions)
        yield _row((each.name, *tests, each.functions, each.analysed, each.called, *shown, wrong))


def _row(cells: Iterable[str | int]) -> str:
    return "| " + " | ".join(f"{each:,}" if isinstance(each, int) else each for each in cells) + " |"


def _contradictions(packages: Sequence[Watched]) -> Iterator[str]:
    found = [each for package in packages for each in package.contradictions]
    if not found:
        yield "No claim was contradicted."
    for each in sorted(found, key=lambda each: bool(each.explained)):
        yield f"- {each.package}, `{each.ref}`: {each.kind}: contradicted by {each.calls} calls"
        yield from (f"  - `{example}`" for example in each.examples)
        if each.explained:
            yield f"  - Not counted: {each.explained}"
