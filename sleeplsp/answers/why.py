"""Why something is suspected: the chain of evidence, told step by step where no Markdown is read."""

from sleeplsp.core.markdown import unmarked
from sleeplsp.core.snapshot import Mark


def why(mark: Mark) -> str:
    """Return the message and the numbered steps from cause to crash, one per line."""
    suspicion = mark.claim.suspicion
    lines = [unmarked(suspicion.message)]
    steps = zip(suspicion.evidence, mark.claim.evidence, strict=True)
    for number, (step, spot) in enumerate(steps, 1):
        where = f"{spot.path}:{spot.start.line + 1}: " if spot is not None else ""
        lines.append(f"{number}. {where}{step.quote}: {unmarked(step.sentence)}")
    return "\n".join(lines)
