"""Watch "never" claims while the tests of packages run: the command line.

It must not know how claims are deduced, tests are run or figures are told.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.never.claims import NotDeducedError, deduce
from benchmarks.never.packages import Package, UnusableError, prepare, python_for_tests
from benchmarks.never.report import Watched, counted, figures, replace_figures, unshown
from benchmarks.never.runs import watched

_WHAT = """\
Are the "never" claims true? Claims are deduced for each PACKAGE, then its own tests are run, and every call
of a claimed function is watched. A claim is contradicted when a call ends in a way it rules out:

  never returns None            it returned None
  never raises                  an exception left it (but for lack of memory or stack, and interrupts)
  pure                          an argument was changed, or equal arguments gave another result
  leaves an argument as it is   the argument was changed
  returns only certain classes  the result is of another class
  returns nothing               it returned something
  never returns                 it returned
  needs an argument             it returned although the argument was None (or empty, or zero)

As a control, functions of which none of the first three is claimed are judged by them as well: that the
tests refute these shows that they could have refuted the claims."""

_CODES = """\
exit codes:
  0  no claim was contradicted
  1  a claim was contradicted
  2  a package cannot be fetched, installed or tested, or there is no Python >= 3.12
  3  nothing is shown: of a kind asked for no claim was exercised, or no control refuted"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch the packages named; return the exit code."""
    options = _options().parse_args(arguments)
    work = Path(options.cache).expanduser().resolve()
    try:
        python = python_for_tests(options.python)
        packages = [_watched(prepare(each, work, python, options.needs), work) for each in options.packages]
    except (UnusableError, NotDeducedError) as error:
        print(f"never: {error}", file=sys.stderr)
        return 2
    told = figures(packages)
    print(told)
    if options.report is not None:
        replace_figures(options.report, told)
    if any(not each.explained for package in packages for each in package.contradictions):
        return 1
    for kind in (missing := unshown(packages)):
        print(f"never: nothing is shown of '{kind}'", file=sys.stderr)
    return 3 if missing else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.never",
        description=_WHAT,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "packages",
        nargs="+",
        metavar="PACKAGE",
        help="a PyPI name, perhaps with a version (boltons==25.0.0), whose sdist has its tests; or a folder",
    )
    parser.add_argument("--python", default="", help="Python >= 3.12 that runs the tests (default: found)")
    parser.add_argument(
        "--cache",
        default=".cache/never",
        metavar="FOLDER",
        help="folder for sources, environments and logs (default: %(default)s)",
    )
    parser.add_argument(
        "--with",
        dest="needs",
        action="append",
        default=[],
        metavar="REQUIREMENT",
        help="install this too, for the tests of every PACKAGE (may be repeated)",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="PAGE",
        help="write the figures to this Markdown page as well, below its heading 'Figures'",
    )
    return parser


def _watched(package: Package, work: Path) -> Watched:
    deduced = deduce(package.folder, package.tests)
    print(f"never: {package.folder.name}: running its tests", file=sys.stderr)
    run = watched(package, deduced.files, work)
    return counted(package.folder.name, deduced, run, package.explained)


if __name__ == "__main__":
    sys.exit(main())
