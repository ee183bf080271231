"""What holds for the code as a whole: directions of imports, where time and chance may come from, what is shipped."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
