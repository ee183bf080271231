"""Points at which the process can be made to die, so that a test sees it recover from there.

Nothing happens unless the environment names a file: then the process kills itself at the point whose name is in it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

VARIABLE = "NEWSTHREAD_FAILPOINT"


def reach(point: str) -> None:
    """Die here, by SIGKILL, if the file named by ``NEWSTHREAD_FAILPOINT`` holds exactly ``point``.

    The file is emptied before, so that a point strikes once. Costs a look into the environment otherwise.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return
    file = Path(named)
    try:
        wanted = file.read_text("utf-8")
    except FileNotFoundError:
        return
    if wanted.strip() == point:
        file.write_text("", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
