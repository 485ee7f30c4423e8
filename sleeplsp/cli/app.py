"""The command `sleeplsp`: which subcommands there are, each imported only when it is run.

`--help` and a query are quick because nothing here imports a server, a client or a grammar. It must
not know what a command does.
"""

import importlib
from collections.abc import Sequence
from typing import NamedTuple

import click

from sleeplsp import __version__
from sleeplsp.cli.exits import ExitCode, guarded

EXIT_CODES = (
    "Exit codes: 0 clean, 1 suspicions at or above the threshold, 2 wrong input or configuration, "
    "3 incomplete (a module failed, or nothing was thought about), 4 internal error, "
    "130 interrupted, 143 told to end. Where several apply: 4, 2, 3, 1, 0. "
    "SLEEPLSP_DEBUG=1 shows the traceback of an error."
)


class Entry(NamedTuple):
    """Where a subcommand is defined, and what it does in a few words."""

    module: str
    summary: str


COMMANDS = {
    "precompute": Entry("precompute", "Think about a workspace and report what is suspected."),
    "query": Entry("query", "Ask what is known: hover, bugs, drift, invariants, symbols; show prompts."),
    "ask": Entry("ask", "Answer a question from what is known, else with a short call of a model."),
    "why": Entry("why", "Name the likeliest cause of a traceback, without a model."),
    "status": Entry("status", "Show the last runs, what failed or is left out, what became of suspicions."),
    "doctor": Entry("doctor", "See whether a language model answers, what it can do, what it will cost."),
    "baseline": Entry("baseline", "Dismiss suspicions for everybody who has the repository."),
    "cache": Entry("cache", "Look at the store, empty it or tidy it."),
    "serve": Entry("serving", "Serve an editor."),
}


class Commands(click.Group):
    """The subcommands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the base's signature
        """Return their names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the base's signature
        """Return a subcommand, imported now; None if there is no such."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the base's signature
        """Write the list of subcommands, of which none is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def load(name: str) -> click.Command:
    """Return a subcommand by name: what its module calls so."""
    module = importlib.import_module(f"sleeplsp.cli.{COMMANDS[name].module}")
    command: click.Command = getattr(module, name)
    return command


@click.command(
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=f"A language server that thinks about your code while you don't.\n\n{EXIT_CODES}",
)
@click.version_option(__version__, message="sleeplsp %(version)s", help="Print the version.")
def sleeplsp() -> None:
    """Take what stands before the subcommand."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    code = sleeplsp.main(list(arguments), prog_name="sleeplsp", standalone_mode=False)
    return int(code or ExitCode.CLEAN)
