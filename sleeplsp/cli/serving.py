"""`sleeplsp serve` as a command line; `cli.serve` does it."""

import click

from sleeplsp.engine.errors import UsageError


@click.command()
@click.option("--stdio", is_flag=True, help="Speak through standard input and output, which is the default.")
@click.option("--tcp", metavar="HOST:PORT", help="Wait for one editor at an address instead.")
@click.option("--log-file", metavar="FILE", help="Write the log there, not to standard error.")
def serve(*, stdio: bool, tcp: str | None, log_file: str | None) -> int:
    """Serve an editor through the language server protocol."""
    if stdio and tcp is not None:
        raise UsageError("--stdio and --tcp exclude each other")
    from sleeplsp.cli.serve import serve as run  # noqa: PLC0415 - the help needs no server

    return run(tcp, log_file)
