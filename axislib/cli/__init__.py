"""The command line: a file a group of commands; what several of them take is here."""

import click

ARTICLE = "kragh-holy-war"
SEED = click.option(
    "--seed", default=ARTICLE, show_default=True, help="Name of a seed, or the path of its folder."
)
