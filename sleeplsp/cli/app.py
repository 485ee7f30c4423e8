"""The command `sleeplsp`: which subcommands there are, each imported only when it is run.

`--help` and a query are quick because nothing here imports a server, a client or a grammar. It must
not know what a command does.
"""

import importlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Annotated, NamedTuple, Protocol

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sleeplsp import __version__
from sleeplsp.cli.exits import ExitCode, guarded

Command = TyperCommand | TyperGroup


class Entry(NamedTuple):
    """Where a subcommand is defined, and what it does in a few words."""

    module: str
    summary: str


COMMANDS = {
    "precompute": Entry("precompute", "Think about a workspace and report what is suspected."),
    "query": Entry("query", "Ask what is known: hover, bugs, invariants, symbols."),
    "status": Entry("status", "Show the last run, the settings in force, what is left out."),
    "cache": Entry("cache", "Look at the store, empty it or tidy it."),
    "serve": Entry("serving", "Serve an editor."),
}


class Formatter(Protocol):
    """What is used of the object that lays out a help page."""

    def section(self, name: str) -> AbstractContextManager[None]:
        """Begin a section."""

    def write_dl(self, rows: list[tuple[str, str]]) -> None:
        """Write a list of terms and what they mean."""


class Commands(TyperGroup):
    """The subcommands by name."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - the base's signature
        """Return their names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> Command | None:  # noqa: ARG002 - as above
        """Return a subcommand, imported now; None if there is no such."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: object, formatter: Formatter) -> None:  # noqa: ARG002 - as above
        """Write the list of subcommands, of which none is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def load(name: str) -> Command:
    """Return a subcommand by name. Its module's `app` is a typer application of that name."""
    module = importlib.import_module(f"sleeplsp.cli.{COMMANDS[name].module}")
    command = get_command(module.app)
    if not isinstance(command, (TyperCommand, TyperGroup)):
        raise TypeError(f"{module.__name__}.app makes a {type(command).__name__}")
    command.name = name
    return command


EXIT_CODES = (
    "Exit codes: 0 clean, 1 suspicions at or above the threshold, 2 wrong input or configuration, "
    "3 incomplete (a module failed, or nothing was thought about), 4 internal error, "
    "130 interrupted. Where several apply: 4, 2, 3, 1, 0. "
    "SLEEPLSP_DEBUG=1 shows the traceback of an error."
)

# No boxes and colours: to draw them takes longer than all the rest of a help page.
app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help=f"A language server that thinks about your code while you don't.\n\n{EXIT_CODES}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"sleeplsp {__version__}")
        raise typer.Exit


@app.callback()
def sleeplsp(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Take what stands before the subcommand."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    command = get_command(app)
    code = command.main(list(arguments), prog_name="sleeplsp", standalone_mode=False)
    return int(code or ExitCode.CLEAN)
