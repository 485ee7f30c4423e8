"""The command line, and the only place where adapters are joined to the engine."""


def main() -> None:
    """Run the command that the arguments of this process name, and end the process."""
    import os  # noqa: PLC0415 - worker processes import this package too, and start faster without
    import sys  # noqa: PLC0415 - as above

    try:
        from sleeplsp.cli import streams  # noqa: PLC0415 - as above

        streams.hold()
        if sys.argv[1:] in (["serve"], ["serve", "--stdio"]):  # an editor is there
            from sleeplsp.cli import spare  # noqa: PLC0415 - as above

            spare.start_ahead()
        from sleeplsp.cli.app import run  # noqa: PLC0415 - as above

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before there was a command to interrupt
        code = 130
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 120  # as Python itself ends where what was printed cannot be written
    os._exit(code)  # to take apart what it holds, object by object, costs some 0.2 s
