"""Modules of a workspace with checks of their functions, as fixtures/verify tells them."""

from pathlib import Path

from sleeplsp.engine.verification.ports import Finding, Limits, Result, Trial
from sleeplsp.verify.child.trying import RUNS_MIN
from sleeplsp.verify.process import CALL_SECONDS_MAX, ProcessVerifier
from tests.fixture_files import Block, Case

LIMITS = Limits(calls_max=200, seconds_max=60.0, bytes_max=1024**3)
SHORT_CALL_SECONDS = 0.5
"""For functions that do not end, so that nobody waits for long."""


def written(case: Case, root: Path) -> dict[str, bytes]:
    """Write the files of a case; return what lies below the root."""
    for block in case.blocks:
        if block.word not in {"checks", "modules"}:
            path = root / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return contents(root)


def contents(root: Path) -> dict[str, bytes]:
    """Return what lies below a folder, byte by byte."""
    return {
        str(each.relative_to(root)): each.read_bytes() if each.is_file() else b""
        for each in sorted(root.rglob("*"))
    }


def checks(case: Case) -> Block:
    """Return what is to be tried."""
    (found,) = (each for each in case.blocks if each.word == "checks")
    return found


def modules(case: Case) -> tuple[str, ...]:
    """Return the modules that calls lead to: the lines of the blocks of that name."""
    return tuple(line for text in case.texts("modules") for line in text.splitlines())


def trials(block: Block, led_to: tuple[str, ...] = ()) -> tuple[Trial, ...]:
    """Return the checks, one at a time as they stand there."""
    lines = [each for each in block.text.splitlines() if not each.startswith(" ")]
    pairs = [each.split(": ", 1) for each in lines]
    return tuple(Trial(function, (check,), led_to) for function, check in pairs)


def told(findings: tuple[Finding, ...]) -> str:
    """Return findings as they stand in a fixture."""
    return "".join(f"{each.function}: {each.check}\n    {_came_of(each)}\n" for each in findings)


def tried(
    root: Path,
    block: Block,
    python: str | None = None,
    *,
    led_to: tuple[str, ...] = (),
    may_wrap: bool = False,
    call_seconds_max: float = CALL_SECONDS_MAX,
) -> str:
    """Try the checks of a module; return what was found as it stands in a fixture."""
    verifier = ProcessVerifier(root, python, call_seconds_max=call_seconds_max, may_wrap=may_wrap)
    return told(verifier.verify(block.path, trials(block, led_to), LIMITS, lambda: True))


def _came_of(finding: Finding) -> str:
    if finding.result is Result.TESTED:
        few = f" by {finding.runs} call{'s' if finding.runs > 1 else ''}"
        return "tested" + (few if finding.runs < RUNS_MIN else "")
    if finding.result is Result.REFUTED:
        return f"refuted: {finding.example}"
    return f"open: {finding.reason}".replace(f"all {finding.runs} calls", "all n calls")
