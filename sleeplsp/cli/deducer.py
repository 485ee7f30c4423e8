"""The deducer process: `python -m sleeplsp.cli.deducer`. Started by the server, never by a user.

It is told which workspace to open, opens a session on it, or on no files at all but those an editor holds,
and answers on its pipes; it ends when they close.
"""

import json
import os
import sys

from sleeplsp.cli.modelled import answer_desk
from sleeplsp.cli.session import Session
from sleeplsp.engine.drift.keeper import DriftKeeper
from sleeplsp.engine.drift.watch import DriftWatch
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.provisional import Provisional
from sleeplsp.workers import frames
from sleeplsp.workers.deducer import ByModel, refuse, serve
from sleeplsp.workers.messages import OPENING
from sleeplsp.workers.pipes import own_streams

NICE = 10
"""How far an editor's deducer and its workers step back behind what else the machine does."""


def main() -> int:
    """Serve until the server closes the pipes; return the exit code."""
    if hasattr(os, "nice"):
        os.nice(NICE)  # its workers inherit it
    with own_streams() as streams:
        try:
            opening = frames.read(streams[0], OPENING)
        except frames.ClosedError:
            streams[0].close()
            return 0  # it was started ahead, and nobody needed it
        try:
            root, editor = os.fsdecode(opening.root) or None, json.loads(opening.settings)
            with Session(root, editor=editor, background=True) as session:
                provisional = Provisional(session.files, session.store, session.recipe, session.worker)
                keeper = DriftKeeper(session.history, session.files, session.beside)
                deduction, notes = session.deduction, session.notes("server")
                unnoted = deduction.watch()
                model_reasoner = session.model_reasoner()

                def notices() -> list[str]:
                    """Take note of what a run has brought; return what the user should know."""
                    insights = model_reasoner.known.insights if model_reasoner is not None else {}
                    notes.suspected(session.rows(insights), session.recipe, frozenset(unnoted))
                    unnoted.clear()
                    return session.notices

                desk = answer_desk(session)
                try:
                    serve(
                        deduction,
                        provisional,
                        DriftWatch(keeper),
                        notices,
                        *streams,
                        ByModel(model_reasoner, desk),
                    )
                finally:
                    if desk is not None:
                        desk.desk.close()
                    if model_reasoner is not None:
                        model_reasoner.close()
        except SleepError as error:
            refuse(str(error), *streams)
            return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
