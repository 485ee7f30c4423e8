"""Why something is suspected: the chain of evidence, told step by step where no Markdown is read."""

from sleeplsp.answers.evidence import steps
from sleeplsp.core.markdown import one_line
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot


def why(snapshot: Snapshot, module: OpenModule, mark: Mark) -> str:
    """Return the message and the numbered steps from cause to crash, one per line."""
    lines = [one_line(mark.claim.suspicion.message)]
    for number, step in enumerate(steps(snapshot, module, mark), 1):
        place = f"{step.path}:{step.line + 1}" if step.line is not None else step.path
        said = one_line(step.evidence.sentence)
        lines.append(f"{number}. {place}: {step.evidence.quote}: {said}")
    return "\n".join(lines)
