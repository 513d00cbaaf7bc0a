"""The command line: a file for each group of commands, and the options they share.

What is heavy is imported when a command runs.
"""

from collections.abc import Callable
from pathlib import Path

import click

ARTICLE = "kragh-holy-war"
PATH = click.Path(path_type=Path)
SEED = click.option(
    "--seed",
    default=ARTICLE,
    show_default=True,
    help="Name of a data set, or the path of its folder.",
)


def flag(name: str, words: str, *also: str) -> Callable:
    """An option without a value; ``also`` names its parameter, if not as the option."""
    return click.option(name, *also, is_flag=True, help=words)


def folder_option(default: str, words: str, name: str = "--out", *also: str) -> Callable:
    """An option that names a folder."""
    path = Path(default)
    return click.option(name, *also, type=PATH, default=path, show_default=True, help=words)


WITHOUT_TEXT = flag(
    "--without-text",
    "Leave out the article's sentences even if you have a copy, so that you can pass this on.",
)
