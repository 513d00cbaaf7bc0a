"""The command line: a file for each group of commands, and the options they share.

What is heavy is imported when a command runs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

ARTICLE = "kragh-holy-war"
PATH = click.Path(path_type=Path)


def option(name: str, words: str | None, *also: str, **more: Any) -> Callable:
    """An option, its default shown; ``also`` names its parameter, if not as the option."""
    shown = {"show_default": more.get("default", "") != ""}
    return click.option(name, *also, help=words, **shown | more)


def flag(name: str, words: str, *also: str) -> Callable:
    """An option without a value."""
    return click.option(name, *also, is_flag=True, help=words)


def folder_option(default: str, words: str, name: str = "--out", *also: str) -> Callable:
    """An option that names a folder."""
    return option(name, words, *also, type=PATH, default=Path(default))


SEED = option("--seed", "Name of a data set, or the path of its folder.", default=ARTICLE)
WITHOUT_TEXT = flag(
    "--without-text",
    "Leave out the article's sentences even if you have a copy, so that you can pass this on.",
)
