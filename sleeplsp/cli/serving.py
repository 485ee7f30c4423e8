"""`sleeplsp serve` as a command line; `cli.serve` does it."""

from typing import Annotated

import typer

from sleeplsp.engine.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def serve(
    *,
    stdio: Annotated[
        bool,
        typer.Option(
            "--stdio", help="Speak through standard input and output, which is the default."
        ),
    ] = False,
    tcp: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Wait for one editor at an address instead."),
    ] = None,
    log_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the log to a file instead of standard error."),
    ] = None,
) -> int:
    """Serve an editor through the language server protocol."""
    if stdio and tcp is not None:
        raise UsageError("--stdio and --tcp exclude each other")
    from sleeplsp.cli.serve import serve as run  # noqa: PLC0415 - the help needs no server

    return run(tcp, log_file)
