"""The panel and the way a person takes through it: from a mark or a row on, along links, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from axislib.explorer.evidence import Behind
from axislib.explorer.parts import Panel

HINT = (
    "Click a mark of the chart: here you read the sentence it comes from, who says so, and how"
    " sure."
)


class Reader:
    """Opens rows in a panel. ``guarded`` runs what may fail, ``opened`` is told which row is shown."""

    def __init__(
        self,
        behind: Behind,
        guarded: Callable[[Callable[[], None]], None],
        opened: Callable[[str], None] = lambda row_id: None,
        hint: str = HINT,
    ):
        self.behind, self.panel = behind, Panel(view={"hint": hint})
        self._guarded, self._opened = guarded, opened
        self._trail: list[str] = []
        self._among: list[str] = []  # the rows behind the mark that the trail begins with
        self.panel.observe(lambda change: change["new"] and self.follow(change["new"]), "asked")

    def open(self, ids: Sequence[str]) -> None:
        """Begin anew: the first of the rows behind a mark, or a single row."""
        self._go([ids[0]], list(ids))

    def follow(self, row_id: str) -> None:
        """Go on to a linked row, to a neighbour behind the same mark, or one step back."""
        if self._trail[-2:-1] == [row_id]:
            self._go(self._trail[:-1], self._among)
        elif len(self._trail) == 1 and row_id in self._among:
            self._go([row_id], self._among)
        else:
            self._go([*self._trail, row_id], self._among)

    def _go(self, trail: list[str], among: list[str]) -> None:
        def act() -> None:
            view = self.behind.view(
                trail[-1], among if len(trail) == 1 else [], trail[-2] if len(trail) > 1 else ""
            )
            self._trail, self._among = trail, among
            self.panel.put(view=view, asked="")
            self._opened(trail[-1])

        self._guarded(act)
