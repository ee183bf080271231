"""Points at which the process can be made to die, so that a test sees it recover from there.

Nothing happens unless the environment names a file: then the process kills itself at the point whose name is in it.
A point is a place in the code (``reach``), or the beginning or end of a call that was put under watch (``around``).
"""

from __future__ import annotations

import inspect
import os
import signal
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

VARIABLE = "NEWSTHREAD_FAILPOINT"

_T = TypeVar("_T")


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


def around(name: str, thing: _T, *parts: str) -> _T:
    """``thing``, whose asynchronous methods reach ``name.method:begun`` and ``name.method:ended``.

    So do those of the attributes that ``parts`` names, as ``name.part.method:begun``. Without the environment's
    variable it is ``thing`` itself.
    """
    if not os.environ.get(VARIABLE):
        return thing
    return cast(_T, _Watched(name, thing, parts))


class _Watched:
    """Stands for a thing, and passes everything on to it."""

    def __init__(self, name: str, thing: object, parts: tuple[str, ...]) -> None:
        self._name = name
        self._thing = thing
        self._parts = {part: _Watched(f"{name}.{part}", getattr(thing, part), ()) for part in parts}

    def __getattr__(self, attribute: str) -> Any:
        part = self._parts.get(attribute)
        if part is not None:
            return part
        value = getattr(self._thing, attribute)
        return self._watched(f"{self._name}.{attribute}", value) if inspect.isroutine(value) else value

    def _watched(self, point: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            result = method(*args, **named)
            if inspect.iscoroutine(result):
                return _awaited(point, result)
            if isinstance(result, AbstractAsyncContextManager):
                return _entered(point, result)
            return result

        return call


async def _awaited(point: str, work: Coroutine[Any, Any, _T]) -> _T:
    reach(f"{point}:begun")
    result = await work
    reach(f"{point}:ended")
    return result


@asynccontextmanager
async def _entered(point: str, context: AbstractAsyncContextManager[_T]) -> AsyncIterator[_T]:
    reach(f"{point}:begun")
    async with context as entered:
        yield entered
    reach(f"{point}:ended")
