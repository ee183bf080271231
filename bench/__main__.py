"""``python -m bench``: run the benches, print a table, write ``bench/results.json``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench import markdown, parsing
from bench.corpus import SAVED, corpus
from bench.harness import Row, measure

MODULES = (parsing, markdown)
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--repeats", type=int, default=7, help="pairs of runs for each bench (default: %(default)s)"
    )
    parser.add_argument("--feeds", type=Path, default=SAVED, metavar="DIR", help="a folder of saved feeds")
    options = parser.parse_args()
    feeds = corpus(options.feeds)
    print(f"Reading {feeds}; {options.repeats} pairs of runs each, medians of processor time.\n", flush=True)
    rows = [measure(bench, options.repeats) for module in MODULES for bench in module.benches(feeds)]
    print(table(rows))
    RESULTS.write_text(
        json.dumps({"rows": [as_json(row) for row in rows]}, indent=2) + "\n", encoding="utf-8"
    )


def as_json(row: Row) -> dict[str, str | float | bool]:
    return {"name": row.name, "ratio": round(row.ratio, 3), "target": row.target, "holds": row.holds}


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| bench | ours | against | ratio | target | holds |",
        "| --- | ---: | --- | ---: | ---: | --- |",
    ]
    lines += [
        f"| {row.name} | {row.ours:.2f} s | {row.floor:.2f} s: {row.against} | {row.ratio:.2f} | ≤ {row.target:g} |"
        f" {'yes' if row.holds else 'NO'} |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
