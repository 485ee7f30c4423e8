"""Options that several commands share, each said once."""

from typing import Annotated

import typer

Root = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        help="The workspace. By default, going up from PATH or the current folder: the nearest "
        "folder whose pyproject.toml has [tool.sleeplsp], else the top of the git repository, else "
        "the nearest folder with a pyproject.toml, else the folder that holds the package.",
        show_default=False,
    ),
]
CacheDir = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        help="Folder of the store; by default the user's cache directory, or SLEEPLSP_CACHE_DIR.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)]
