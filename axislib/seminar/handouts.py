"""Handouts for n groups through the batch runner: a plan with one run a group, for students and
teacher from one notebook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.questions.levels import compared_sides
from axislib.seed.seed import Seed
from axislib.seminar.sheets import share_out

NOTEBOOK = "7-seminar"
CODES = {"actors": ["modality", "speaker"], "dimensions": ["level"], "hypotheses": ["rating"]}


def plan_of(seed: Seed, name: str, groups: Sequence[str], by: str) -> str:
    """A batch plan as YAML text: every group its actor, dimension or hypothesis; first without
    solutions, then with."""
    shares, sides = share_out(seed, by, len(groups)), compared_sides(seed)
    compared = f", left: {sides[0]}, right: {sides[1]}" if sides else ""
    lines = [
        "# made by axislib sheet --handouts; run it with: axislib batch",
        f"title: Handouts by {by}",
        f"notebooks: [{NOTEBOOK}]",
        f"fixed: {{seed: {json.dumps(name)}, code: {json.dumps(CODES[by])}{compared}}}",
        "groups:",
    ]
    for version, solution in (("students", "false"), ("teacher", "true")):
        lines += [
            f"  {version}:",
            f"    fixed: {{solution: {solution}}}",
            '    output: "{group}/{name}.ipynb"',
            "    runs:",
        ]
        for group, share in zip(groups, shares, strict=True):
            name = json.dumps(group, ensure_ascii=False)
            lines.append(f"      - {{name: {name}, parameters: {json.dumps(share)}}}")
    return "\n".join(lines) + "\n"


def write_plan(seed: Seed, name: str, groups: Sequence[str], by: str, path: Path) -> Path:
    """Write the plan of ``plan_of``; returns its path. ``axislib batch`` checks it and runs it."""
    folder = Path(name)
    # a plan lies elsewhere than the place it was asked from
    name = str(folder.resolve()) if folder.is_dir() and len(folder.parts) > 1 else name
    write_whole(path, plan_of(seed, name, groups, by))
    return Path(path)


def make_handouts(
    seed: Seed, name: str, groups: Sequence[str], by: str, out: Path, workers: int = 2
) -> list[Path]:
    """Handouts for all groups in one go: the plan, its runs through the batch runner, one HTML
    site, a PDF a page.

    Returns the site's first page, then the PDFs. Raises SeedError where a run failed (the manifest
    says which), and, with the HTML written, where no Chromium is installed to print with.
    """
    from axislib.batch.runner import run_batch
    from axislib.batch.site import write_batch_site
    from axislib.report.printing import print_pages

    plan = write_plan(seed, name, groups, by, out / "handouts.yaml")
    result = run_batch(plan, out=out / "handouts", workers=workers)
    if not result.ok:
        raise SeedError(
            f"not every handout was made ({result}); see {result.manifest}, then: axislib batch"
            f" {plan} --out {out / 'handouts'} --resume"
        )
    indexes = write_batch_site(result.folder, result.rows, "Handouts")
    try:
        return [*indexes, *(page for index in indexes for page in print_pages(index))]
    except SeedError as error:
        raise SeedError(
            f"the handouts are there as HTML: {', '.join(map(str, indexes))}; as PDF they are not:"
            f" {error}"
        ) from None
