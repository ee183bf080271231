"""``python -m tests.abuse``: broken feeds through preview's path, figures at the end; exit code 1 if one broke a rule."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.abuse.harness import SEED, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.abuse", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="how many cases (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of all of them (default: %(default)s)")
    parser.add_argument(
        "--start", type=int, default=0, metavar="N", help="the first case (default: %(default)s)"
    )
    options = parser.parse_args()
    figures = asyncio.run(run(options.count, options.seed, options.start))
    for broken in figures.broken:
        print(broken)
    for sentence, times in figures.refused.most_common():
        print(f"{times:6}  {sentence}")
    print(figures)
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main())
