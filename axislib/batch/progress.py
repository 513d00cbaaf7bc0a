"""How far a batch is: a bar with the time left and the failures, or plain lines where there is no
terminal."""

from __future__ import annotations

import sys


class Progress:
    """A context manager; ``add(row)`` for each finished run, ``say`` for a line between."""

    def __init__(self, total: int, already: int, shown: bool) -> None:
        self.failures, self.shown, self.bar = 0, shown, None
        if shown and sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(
                total=total, initial=already, unit="run", dynamic_ncols=True, file=sys.stderr
            )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def add(self, row: dict) -> None:
        """Count a finished run; a failed one is named at once."""
        if row["status"] != "done":
            self.failures += 1
            self.say(f"{row['status'].replace('_', ' ')}: {row['output']}: {row['error']}")
        if self.bar is not None:
            self.bar.set_postfix_str(
                f"{self.failures} failed" if self.failures else "", refresh=False
            )
            self.bar.update()

    def say(self, line: str) -> None:
        """Print a line without tearing the bar."""
        if self.bar is not None:
            self.bar.write(line, file=sys.stderr)
        elif self.shown:
            print(line, file=sys.stderr, flush=True)
