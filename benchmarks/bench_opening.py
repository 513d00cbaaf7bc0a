"""Opening: whole processes that open a seed, beside one that only imports pandas, and how fast
sentences are found. Printed, not asserted."""

import random
import statistics
import subprocess
import sys
import time

import axislib
from axislib.text.receipt import fingerprint, locate, normalise

WAYS = {
    "import pandas": "import pandas",
    "import axislib (nothing yet)": "import axislib",
    "import axislib, open_seed()": "import axislib; axislib.open_seed()",
}


def whole_process(code):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def test_whole_processes_against_pandas(capsys):
    times = {name: [] for name in WAYS}
    for _ in range(7):  # in turn, so that a machine that slows down slows all
        for name, code in WAYS.items():
            times[name].append(whole_process(code))
    base = statistics.median(times["import pandas"])
    with capsys.disabled():
        print("\n\nwhole processes, median of 7, in turn")
        for name, seconds in times.items():
            print(
                f"  {name:30} {statistics.median(seconds):6.3f} s  "
                f" {statistics.median(seconds) / base:5.2f} x import pandas"
            )


def test_open_seed(benchmark):
    """Read and checked, as in a fresh process."""
    from axislib.seed import opening

    seed = benchmark.pedantic(axislib.open_seed, setup=opening._kept.clear, rounds=30)
    assert len(seed.sentences) == 57


def test_open_seed_again(benchmark):
    """Opened before, and no file changed since."""
    axislib.open_seed()
    assert len(benchmark(axislib.open_seed).sentences) == 57


def test_all_sentences_in_a_text_of_1_mb(benchmark):
    import pandas as pd

    draw = random.Random(1)
    words = [
        "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 9)))
        for _ in range(5000)
    ]
    said = [
        " ".join(draw.choices(words, k=draw.randint(8, 30))).capitalize() + "." for _ in range(57)
    ]
    foreign = []
    while sum(map(len, foreign)) < 1_000_000:
        foreign.append(" ".join(draw.choices(words, k=draw.randint(8, 30))).capitalize() + ".")
    middle = len(foreign) // 2
    text = " ".join([*foreign[:middle], *said, *foreign[middle:]])
    table = pd.DataFrame(
        {
            "locator": [f"P{i:02}.S1" for i in range(1, 58)],
            "section": "body",
            "start": 0,
            "end": 0,
            "length": [len(normalise(s)) for s in said],
            "sha256": [fingerprint(s) for s in said],
            "no_fact_reason": "",
        }
    )
    table["start"] = table["length"].cumsum() - table["length"]
    table["end"] = table["start"] + table["length"]
    receipt = benchmark.pedantic(locate, args=(text, table), rounds=1, iterations=1)
    assert (receipt["status"] == "exact").all()
