"""Evidence, placed: where each step of a suspicion stands now, in open modules and in others."""

from collections.abc import Iterator

import msgspec

from sleeplsp.core.insight import Evidence
from sleeplsp.core.located import LocatedSuspicion, Spot
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot


class Step(msgspec.Struct, frozen=True):
    """One step of evidence and where it stands; neither `span` nor `spot` if that is not known now."""

    evidence: Evidence
    path: str
    module: OpenModule | None
    """The module it stands in, if that is open."""
    span: tuple[int, int] | None
    """Its bytes in the open module's text."""
    spot: Spot | None
    """Its place in a file that is not open."""

    @property
    def line(self) -> int | None:
        """The 0-based line."""
        if self.span is not None and self.module is not None:
            return self.module.text.line_of(self.span[0])
        return self.spot.start.line if self.spot is not None else None


def steps(snapshot: Snapshot, module: OpenModule, mark: Mark) -> Iterator[Step]:
    """Yield the steps from cause to crash."""
    told = zip(mark.claim.suspicion.evidence, mark.steps, mark.claim.evidence, strict=True)
    for evidence, here, spot in told:
        path = evidence.place.ref.partition("::")[0]
        if path == module.path:
            yield Step(evidence, path, module, here, None)
        else:
            yield _elsewhere(snapshot, path, evidence, spot)


def located_steps(snapshot: Snapshot, located: LocatedSuspicion) -> Iterator[Step]:
    """Yield the steps of what is suspected of a module that is not open."""
    for evidence, spot in zip(located.suspicion.evidence, located.evidence, strict=True):
        yield _elsewhere(snapshot, evidence.place.ref.partition("::")[0], evidence, spot)


def _elsewhere(snapshot: Snapshot, path: str, evidence: Evidence, spot: Spot | None) -> Step:
    other = snapshot.modules.get(path)
    if other is None:
        return Step(evidence, path, None, None, spot)
    span = other.placing.extent(evidence.place) if other.placing is not None else None
    return Step(evidence, path, other, span, None)
