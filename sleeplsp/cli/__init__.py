"""The command line, and the only place where adapters are joined to the engine."""


def main() -> None:
    """Run the command that the arguments of this process name, and end the process."""
    import sys  # noqa: PLC0415 - worker processes import this package too, and start faster without

    try:
        from sleeplsp.cli import streams  # noqa: PLC0415 - as above

        streams.hold()
        from sleeplsp.cli.app import run  # noqa: PLC0415 - as above

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before there was a command to interrupt
        code = 130
    sys.exit(code)
