"""The deducer process: `python -m sleeplsp.cli.deducer ROOT`. Started by the server, never by a user.

It opens a session on the workspace and answers on its pipes; it ends when they close.
"""

import argparse
import json
import sys

from sleeplsp.cli.session import Session
from sleeplsp.engine.errors import SleepError
from sleeplsp.workers.deducer import serve


def main() -> int:
    """Serve until the server closes the pipes; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--editor-settings", default="{}", help="JSON: what the editor sets")
    options = parser.parse_args()
    try:
        with Session(options.root, editor=json.loads(options.editor_settings), background=True) as session:
            serve(session.deduction, sys.stdin.buffer, sys.stdout.buffer)
    except SleepError as error:
        print(f"sleeplsp: {error}", file=sys.stderr)  # noqa: T201  the server's log
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
