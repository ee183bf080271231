"""The last step of the image's build: takes away every program that Newsthread does not run, and what installs more.

``strip.py ROOT`` keeps of everything that can be executed below ROOT the command ``newsthread``, the interpreter that its
environment links to, and shared libraries. Whoever gets to run something in the container finds nothing to run.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

ENVIRONMENT = "opt/newsthread/bin"
# Package tools' own files. What they know of packages, in /var/lib/dpkg, stays: scanners for vulnerabilities read it.
FOLDERS = (
    "etc/apt",
    "etc/dpkg",
    "usr/lib/apt",
    "usr/lib/dpkg",
    "usr/lib/*/perl-base",
    "usr/local/lib/python3*/ensurepip",
    "usr/share/perl*",
    "var/cache/apt",
    "var/lib/apt",
)
NOT_OURS = ("proc", "sys", "dev")  # mounted while the image is built


def main(root: Path) -> None:
    keep = {real(root, root / ENVIRONMENT / name) for name in ("python", "newsthread")}
    for pattern in FOLDERS:
        for folder in root.glob(pattern):
            shutil.rmtree(folder)
    for path in files(root):
        if is_program(path) and path not in keep:
            path.unlink()
    for path in files(root):
        if path.parent.name in ("bin", "sbin") and path.is_symlink() and not real(root, path).exists():
            path.unlink()
    Path(__file__).unlink()


def files(root: Path) -> list[Path]:
    """All there are, symbolic links too, without following any."""
    found = []
    for folder, inner, names in os.walk(root):
        if Path(folder) == root:
            inner[:] = [name for name in inner if name not in NOT_OURS]
        found += [Path(folder, name) for name in names]
    return found


def is_program(path: Path) -> bool:
    """Whether anybody may execute it; shared libraries and the loader of programs are none, whatever their mode."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) and bool(mode & 0o111) and ".so" not in path.name


def real(root: Path, path: Path) -> Path:
    """Where a chain of links ends; absolute ones begin at ``root``."""
    while path.is_symlink():
        target = path.readlink()
        path = root / target.relative_to("/") if target.is_absolute() else path.parent / target
    return Path(os.path.normpath(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
