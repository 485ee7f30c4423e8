"""A workspace that a scripted model makes claims about, and a scripted verifier that tries them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.insight import Invariant
from sleeplsp.core.text import Text
from sleeplsp.engine.model_reasoner import ModelReasoner
from sleeplsp.engine.outcome import Progress, Reflected, Verified
from sleeplsp.engine.verification.ports import Finding, Limits, Result, Trial
from sleeplsp.engine.verification.verification import Terms, Verification
from sleeplsp.llm.scripted.model import ScriptedModel
from tests.engine.reflection.nights import reply
from tests.reflecting import Thoughtful, by_phase
from tests.thinking import EditedFiles

LIMITS = Limits(calls_max=100, seconds_max=60.0, bytes_max=2**30)

SIZES = """\
def double(x: int) -> int:
    return x * 2


def clamp(x: int, low: int = 0) -> int:
    return max(x, low)
"""
NAMES = """\
from sizes import double


def label(count: int) -> str:
    return f"{double(count)} items"
"""
FILES = {"sizes.py": SIZES, "names.py": NAMES}

EVEN, POSITIVE, LOW, LONG = "result % 2 == 0", "result > 0", "result >= low", "len(result) > 5"


def claim(symbol: str, sentence: str, check: str) -> dict[str, str]:
    return {"symbol": symbol, "kind": "returns", "sentence": sentence, "check": check}


CLAIMS = reply(
    invariants=[
        claim("double", "The result is an even number.", EVEN),
        claim("double", "The result is above zero.", POSITIVE),
        claim("clamp", "The result is at least `low`.", LOW),
        claim("label", "The result has more than five characters.", LONG),
    ]
)


SCRIPT = """
[[step]]
when = "def double"
times = 0
[step.value]
summary = "Sizes. And labels."
retracted = []
suspicions = []
questions = []

[[step.value.invariants]]
symbol = "double"
kind = "returns"
sentence = "The result is an even number."
check = "result % 2 == 0"

[[step.value.invariants]]
symbol = "double"
kind = "returns"
sentence = "The result is above zero."
check = "result > 0"
"""
"""What an endpoint says of `double`: that its result is even, which holds, and above zero, which does not."""


class Moment(Protocol):
    """Something that is waited for, a little at a time."""

    def wait(self, seconds: float) -> bool: ...


class ScriptedVerifier:
    """Fulfils `Verifier`: finds what a script says of a check, `tested` where it says nothing."""

    def __init__(self, script: dict[str, Result] | None = None) -> None:
        self.script = script or {}
        self.error: Exception | None = None
        self.asked: list[tuple[str, str, str]] = []
        """Module, function and check, in order."""
        self.modules: dict[str, frozenset[str]] = {}
        """What a call leads to, by function."""
        self.during: Callable[[], None] = lambda: None
        """What happens while a module is tried."""
        self.hold: Moment | None = None
        """A module goes on until this, or until it is not wanted any more."""

    def environment(self) -> str:
        return "scripted"

    def verify(
        self, path: str, trials: tuple[Trial, ...], _limits: Limits, is_wanted: Callable[[], bool]
    ) -> tuple[Finding, ...]:
        if self.error is not None:
            raise self.error
        self.modules.update((each.function, frozenset(each.modules)) for each in trials)
        self.asked += [(path, each.function, check) for each in trials for check in each.checks]
        while self.hold is not None and is_wanted() and not self.hold.wait(0.01):
            pass
        self.during()
        return tuple(self._found(each.function, check) for each in trials for check in each.checks)

    def _found(self, function: str, check: str) -> Finding:
        match self.script.get(check, Result.TESTED):
            case Result.TESTED:
                return Finding(function, check, Result.TESTED, runs=100)
            case Result.REFUTED:
                return Finding(function, check, Result.REFUTED, example=f"{function}(x=0) returned 0")
        return Finding(function, check, Result.OPEN, reason="the check fails: TypeError")


class Tried:
    """One process that has a model think about a workspace, and its claims tried."""

    def __init__(
        self,
        files: EditedFiles,
        verifier: ScriptedVerifier,
        store: MemoryStore | None = None,
        script: str = CLAIMS,
        *,
        is_allowed: bool = True,
    ) -> None:
        self.night = Thoughtful(files, ScriptedModel(by_phase(script)), store)
        self.verification = Verification(
            self.night.deduction,
            files,
            self.night.reflection.known,
            verifier,
            Terms(is_allowed=is_allowed, limits=LIMITS),
        )
        self.reasoner = ModelReasoner(self.night.reflection, self.verification)
        self.progress: list[Progress] = []

    def sleep(self, held: dict[str, str] | None = None) -> Reflected:
        """Think and try to the end; `held` are texts that an editor has, and that are not saved."""
        self.begin(held or {})
        while (outcome := self.reasoner.outcome) is None:
            self.go_on()
        return outcome

    def begin(self, held: Mapping[str, str] = MappingProxyType({})) -> None:
        """Deduce, and have the rest wait."""
        self.night.deduction.run(overlays={path: Text(text.encode()) for path, text in held.items()})
        self.reasoner.ask(("sizes.py",))

    def go_on(self) -> None:
        """Do a little, or wait for what comes by mail."""
        if not self.reasoner.step(self.progress.append) and self.reasoner.outcome is None:
            assert self.night.deduction.wait(60.0), "no mail came"

    @property
    def verified(self) -> Verified | None:
        told = self.reasoner.told
        return told.verified if told is not None else None

    def claims(self, path: str) -> dict[str, Invariant]:
        """What is told of a module, by its check."""
        return {each.check or "": each for each in self.reasoner.known.insights[path].invariants}

    def close(self) -> None:
        self.reasoner.close()
        self.night.deduction.close()
