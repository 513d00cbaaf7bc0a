"""The command line: each command with --help, each error in words, with exit code 1."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from typing import Any

import click

from axislib.cli.authoring import new, text
from axislib.cli.batch import batch, diff
from axislib.cli.check import check, record, verify
from axislib.cli.report import export, lab, report
from axislib.cli.seminar import agree, sheet
from axislib.errors import SeedError


class Group(click.Group):
    """Commands in reading order; a SeedError becomes its message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """The command, on streams that no name in another script stops: what their code page lacks
        is written as its number."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except SeedError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            sys.exit(141)


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="axislib")
def main() -> None:
    """axislib: what an op-ed states, as tables in which every row answers with its sentence."""
    atexit.unregister(gc.freeze)
    # else a process that ends looks through all it holds for cycles: 0.4 s after a batch
    atexit.register(gc.freeze)


for command in (report, lab, check, text, export, batch, diff, verify, new, sheet, agree, record):
    main.add_command(command)
