"""The project's own files: what is installed, what is packed, and what must stay at home."""

from __future__ import annotations

import ast
import fnmatch
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# what a reader may have lying about: copies of the article, and traces of work
READERS_OWN = [
    "seeds/x.txt",
    "seeds/kragh-holy-war/article.txt",
    "seeds/kragh-holy-war/Article.TXT",
    "seeds/my-own/deep/down.txt",
    "notebooks/.ipynb_checkpoints/draft-checkpoint.ipynb",
]


def project_files() -> list[Path]:
    """What git keeps, or would on the next `git add`."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = (
        subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def distribution(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement.strip()).group()
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the lock and the environment
# ---------------------------------------------------------------------


def test_lock_names_no_address():
    assert "://" not in LOCK
    assert " @ " not in LOCK
    assert "--" not in LOCK  # neither options nor hashes: a hashed lock and -e . exclude each other


def test_every_direct_dependency_is_locked():
    direct = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    locked = {distribution(line) for line in LOCK.splitlines() if line.strip()}
    assert {distribution(each) for each in direct} <= locked, "run: make lock"


def test_every_package_imported_is_declared():
    """What only comes along with another package can go away with its next version."""
    extras = PROJECT["optional-dependencies"]
    declared = {
        distribution(each)
        for each in [*PROJECT["dependencies"], *extras["images"], *extras["pdf"], *extras["dask"]]
    }
    providers = packages_distributions()
    undeclared = []
    for path in sorted((ROOT / "axislib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module]
            else:
                continue
            tops = {module.partition(".")[0] for module in modules}
            for top in tops - sys.stdlib_module_names - {"axislib"}:
                if not declared & {distribution(each) for each in providers.get(top, [top])}:
                    undeclared.append(f"{path.relative_to(ROOT)}:{node.lineno}: {top}")
    assert undeclared == [], "add it to pyproject.toml, then: make lock"


def test_environment_installs_the_lock_and_the_package():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    assert "pip" in environment["dependencies"]
    (pip,) = [each["pip"] for each in environment["dependencies"] if isinstance(each, dict)]
    assert pip == ["-r requirements.lock", "-e ."]


# --- one version
# --------------------------------------------------------------------------------------


def test_version_stands_in_one_place():
    version = PROJECT["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+)?", version)
    modules = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "axislib").rglob("*.py")
    }
    repeated = [name for name, text in modules.items() if f'"{version}"' in text]
    assert repeated == []
    assert not re.search(r"^version:", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)


def test_package_tells_the_version_of_pyproject():
    import axislib

    assert axislib.__version__ == PROJECT["version"], (
        "the installed package is older: pip install -e ."
    )


def test_citation_names_the_article_and_claims_no_more_than_the_text():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"] == PROJECT["name"]
    (article,) = citation["references"]
    assert [author["family-names"] for author in article["authors"]] == ["Kragh"]
    assert article.keys().isdisjoint(
        {"journal", "publisher", "year", "date-published", "url", "doi"}
    )


# --- what leaves the house
# ----------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["with .gitignore", "without"])
def built(request, tmp_path_factory) -> dict[str, set[str]]:
    """The names in a wheel and an sdist, built from a copy of the project in which a reader has
    worked."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("project")
    for path in project_files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if request.param == "without":
        (folder / ".gitignore").unlink()
    for name in READERS_OWN:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("the reader's own", encoding="utf-8")
    build = [sys.executable, "-m", "hatchling", "build", "-d", "out"]
    run = subprocess.run(build, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (wheel,) = (folder / "out").glob("*.whl")
    (sdist,) = (folder / "out").glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.split("/", 1)[1] for name in archive.getnames()}
    return {"wheel": in_wheel, "sdist": in_sdist}


KINDS = {
    "seeds": {".csv", ".json", ".md"},
    "notebooks": {".ipynb", ".md", ".yaml", ".json"},
}  # what ships from each


def packed_name(path: Path) -> str | None:
    """Where a file of the project is found in the wheel; None for what stays behind."""
    inside = path.relative_to(ROOT)
    if inside.parts[0] == "axislib":
        return inside.as_posix()
    if inside.parts[0] in ("seeds", "notebooks") and inside.suffix in KINDS[inside.parts[0]]:
        return f"axislib/{inside.as_posix()}"
    return None


def test_wheel_holds_package_seeds_and_notebooks_and_nothing_else(built):
    packed = {name for name in built["wheel"] if ".dist-info/" not in name}
    assert packed == {packed_name(path) for path in project_files()} - {None}
    assert {"axislib/tables/schema.json", "axislib/py.typed"} <= packed
    for kind in ("axislib/seeds/kragh-holy-war/*.csv", "axislib/notebooks/*.ipynb"):
        assert fnmatch.filter(packed, kind), f"no {kind} in the wheel"


@pytest.mark.parametrize("archive", ["wheel", "sdist"])
def test_no_copy_of_a_reader_is_packed(built, archive):
    own = {Path(name).name.lower() for name in READERS_OWN}
    assert not {name for name in built[archive] if Path(name).name.lower() in own}
    assert not {
        name for name in built[archive] if "seeds/" in name and name.lower().endswith(".txt")
    }


def test_sdist_holds_what_a_wheel_is_built_from(built):
    sources = {packed_name(path): path.relative_to(ROOT).as_posix() for path in project_files()}
    sources.pop(None, None)
    assert set(sources.values()) <= built["sdist"]


@pytest.mark.parametrize("name", READERS_OWN)
def test_git_ignores_what_is_the_readers_own(name):
    project_files()
    assert (
        subprocess.run(["git", "check-ignore", "--quiet", "--no-index", name], cwd=ROOT).returncode
        == 0
    )


# --- nothing of the machine it was written on
# ---------------------------------------------------------

# somebody's home, a kernel's scratch file, or any absolute path into an installation or a checkout
MACHINE_PATH = re.compile(
    r"/(home|Users)/\w+/|/[r]oot/|[A-Z]:\\+Users\\|/ipykernel_\d+|"
    r"(?<![\w.:/~*{}()$-])(/[\w.-]+)+/(site-packages|dist-packages|\.venv)/"
)


def test_no_file_names_a_machine_path():
    here = {str(ROOT), str(Path.home()), sys.prefix} - {"/"}
    found = []
    for path in project_files():
        content = path.read_bytes()
        if b"\0" in content:  # a picture, a spreadsheet
            continue
        made_up = path.is_relative_to(ROOT / "tests")  # a test may make up a home
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if any(f"{each}/" in line for each in here) or (
                not made_up and MACHINE_PATH.search(line)
            ):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:120]}")
    assert found == []
