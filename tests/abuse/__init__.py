"""Broken and hostile feeds, thousands of them, through the path of ``newsthread preview``.

    await run(count, seed)            # Figures: how many came to what, and what broke a rule
    cases(seed, count, saved)         # the feeds themselves, each as a server would send it

Everything follows from the seed and a case's number: one that broke a rule is made again by ``case``.
"""

from __future__ import annotations

from tests.abuse.cases import Case, case, cases
from tests.abuse.harness import Broken, Figures, run

__all__ = ["Broken", "Case", "Figures", "case", "cases", "run"]
