"""Files of removed posts: kept for us alone, and nothing outside their folder is ever touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StoreError
from bot.store.files import KeptFiles

if TYPE_CHECKING:
    from pathlib import Path

FUTURE = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def kept(tmp_path: Path) -> KeptFiles:
    return KeptFiles(tmp_path / "removed")


async def test_kept_and_read(kept: KeptFiles, tmp_path: Path) -> None:
    """Byte for byte, in order, again in the same place, readable by our user alone."""
    paths = await kept.keep(7, 10, [b"one", b""])
    assert await kept.keep(7, 10, [b"two"]) == paths[:1]

    assert paths == ("7/10-1", "7/10-2")
    assert [await kept.read(path) for path in paths] == [b"two", b""]
    assert await kept.keep(8, 10, []) == ()
    modes = [(tmp_path / "removed" / name).stat().st_mode & 0o777 for name in (".", "7", "7/10-1")]
    assert modes == [0o700, 0o700, 0o600]
    assert await kept.paths(FUTURE) == set(paths)
    assert await kept.paths(FUTURE - timedelta(hours=2)) == frozenset()


async def test_dropped(kept: KeptFiles, tmp_path: Path) -> None:
    """Also those that are gone already; an empty folder goes with its last file, a case with all it has."""
    first, second = await kept.keep(7, 10, [b"one", b"two"])
    await kept.keep(8, 11, [b"three"])

    await kept.drop([first, first, "9/9-9"])
    assert await kept.read(first) is None
    assert await kept.read(second) == b"two"
    await kept.drop([second])
    await kept.forget(8)

    assert list((tmp_path / "removed").iterdir()) == []
    assert await kept.paths(FUTURE) == frozenset()


@pytest.mark.parametrize(
    "path", ["../secret", "7/../../secret", "/etc/hostname", "7", "", "7/10-1/..", "٧/10-1"]
)
async def test_no_path_leads_outside(kept: KeptFiles, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    await kept.keep(7, 10, [b"one"])

    await kept.drop([path])

    assert await kept.read(path) is None
    assert (tmp_path / "secret").exists()
    assert await kept.read("7/10-1") == b"one"


async def test_what_is_half_written_is_found_when_left_over(kept: KeptFiles, tmp_path: Path) -> None:
    """An end in the middle of writing leaves a file that the sweep knows."""
    await kept.keep(7, 10, [b"one"])
    (tmp_path / "removed" / "7" / "11-1.partial").write_bytes(b"tw")

    left = await kept.paths(FUTURE) - {"7/10-1"}
    await kept.drop(left)

    assert left == {"7/11-1.partial"}
    assert await kept.paths(FUTURE) == {"7/10-1"}


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """One sentence that names it; the post is not removed then."""
    (tmp_path / "removed").write_text("a file")

    with pytest.raises(StoreError, match=r"removed can't be written .*so nothing is removed"):
        await KeptFiles(tmp_path / "removed").keep(7, 10, [b"one"])
