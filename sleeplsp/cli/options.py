"""Options and arguments that several commands share, each said once."""

import click

root = click.option(
    "--root",
    metavar="DIR",
    help="The workspace. By default, going up from PATH or the current folder: the nearest folder "
    "whose pyproject.toml has [tool.sleeplsp], else the top of the git repository, else the "
    "nearest folder with a pyproject.toml, else the folder that holds the package.",
)
cache_dir = click.option(
    "--cache-dir",
    metavar="DIR",
    help="Folder of the store; by default the user's cache directory, or SLEEPLSP_CACHE_DIR.",
)
state_dir = click.option(
    "--state-dir",
    metavar="DIR",
    help="Folder of the journal; by default the user's state directory, or SLEEPLSP_STATE_DIR.",
)
replay = click.option(
    "--replay",
    metavar="DIR",
    help="Take calls of a model from recordings in a folder; record those that are not there yet.",
)
json = click.option("--json", is_flag=True, help="Print JSON.")
