"""`python -m sleeplsp` is the command `sleeplsp`."""

from sleeplsp.cli import main

if __name__ == "__main__":
    main()
