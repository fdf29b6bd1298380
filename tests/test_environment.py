"""The installation, on packages made here and without an index: whole, or made anew."""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.root import ROOT

PROJECT = """
[build-system]
requires = ["a-builder-that-is-nowhere"]
build-backend = "backend"
backend-path = ["."]
[project]
name = "contoh"
version = "1"
"""
BACKEND = """
import pathlib, time, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    {before}
    with zipfile.ZipFile(pathlib.Path(folder) / "{name}-1-py3-none-any.whl", "w") as wheel:
        for inside, text in {files}.items():
            wheel.writestr(inside, text)
    return "{name}-1-py3-none-any.whl"

build_editable = build_wheel
"""


def inside(name: str, needs: str = "") -> dict[str, str]:
    """Give what a wheel holds: one module, and a program that runs it."""
    about = f"{name}-1.dist-info"
    more = f"Requires-Dist: {needs}\n" if needs else ""
    return {
        f"{name}.py": "def main():\n    print('works')\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{more}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
        f"{about}/RECORD": "",
    }


class Checkout:
    """A small project with our own tools/environment.py, and a folder instead of an index."""

    def __init__(self, root: Path, shelf: Path) -> None:
        self.root, self.shelf = root, shelf
        (root / "tools").mkdir(parents=True)
        shelf.mkdir()
        shutil.copy(ROOT / "tools" / "environment.py", root / "tools")
        shutil.copy(ROOT / "Makefile", root)
        (root / "pyproject.toml").write_text(PROJECT)
        (root / "backend.py").write_text(
            BACKEND.format(before="", name="kiss", files=repr(inside("kiss")))
        )
        self.lock("requirements-build.lock", self.wheel("alat"))
        self.lock("requirements.lock", self.wheel("pustaka"))

    def wheel(self, name: str, needs: str = "") -> str:
        """Put a wheel on the shelf; return its line of a lock."""
        file = self.shelf / f"{name}-1-py3-none-any.whl"
        with zipfile.ZipFile(file, "w") as wheel:
            for path, text in inside(name, needs).items():
                wheel.writestr(path, text)
        return f"{name}==1 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"

    def source(self, name: str, before: str = "") -> str:
        """Put a package that must be built on the shelf; return its line of a lock."""
        backend = BACKEND.format(before=before, name=name, files=repr(inside(name)))
        file = self.shelf / f"{name}-1.tar.gz"
        with tarfile.open(file, "w:gz") as archive:
            for path, text in (
                ("pyproject.toml", PROJECT.replace("contoh", name)),
                ("backend.py", backend),
                ("PKG-INFO", inside(name)[f"{name}-1.dist-info/METADATA"]),
            ):
                content = text.encode()
                entry = tarfile.TarInfo(f"{name}-1/{path}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return f"{name}==1 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"

    def lock(self, name: str, *lines: str) -> None:
        (self.root / name).write_text("".join(f"{line}\n" for line in lines))

    def start(
        self,
        python: str = sys.executable,
        **options: Any,  # noqa: ANN401 - of a process
    ) -> "subprocess.Popen[str]":
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.shelf),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.shelf),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.Popen(
            [python, str(self.root / "tools" / "environment.py"), "requirements.lock"],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def install(self, **options: Any) -> tuple[int, str]:  # noqa: ANN401 - of a process
        process = self.start(**options)
        said, _ = process.communicate(timeout=100)
        return process.returncode, said

    def program(self, name: str) -> str:
        """Run an installed program."""
        words = [str(self.root / ".venv" / "bin" / name)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    folder = Path(tempfile.mkdtemp(prefix="kiss-environment-")).resolve()
    folder.chmod(0o755)
    yield Checkout(folder / "a folder", folder / "shelf")
    shutil.rmtree(folder)


def wait_for(file: Path) -> str:
    """Return what a file says as soon as it says something."""
    for _ in range(600):
        if file.exists() and (text := file.read_text()):
            return text
        time.sleep(0.1)
    raise AssertionError(f"{file} was never written")


@pytest.mark.slow
def test_an_installation_takes_what_the_locks_name_and_asks_for_nothing_else(
    checkout: Checkout,
) -> None:
    needy = checkout.wheel("pustaka", needs="not-in-the-lock")
    checkout.lock("requirements.lock", needy, checkout.source("sumber"))  # its builder is nowhere

    code, said = checkout.install()
    again, _ = checkout.install()

    assert (code, again) == (0, 0), said
    assert [checkout.program(name) for name in ("alat", "pustaka", "sumber", "kiss")] == [
        "works"
    ] * 4


@pytest.mark.slow
@pytest.mark.parametrize("line", ["pustaka==1", f"pustaka==1 --hash=sha256:{'0' * 64}"])
def test_what_has_no_hash_or_another_is_refused_by_name(checkout: Checkout, line: str) -> None:
    checkout.lock("requirements.lock", line)

    code, said = checkout.install()

    assert code == 1
    assert "pustaka" in said
    assert "requirements.lock could not be installed" in said
    assert not (checkout.root / ".venv" / "bin" / "pustaka").exists()


@pytest.mark.slow
def test_without_an_index_it_says_so(checkout: Checkout) -> None:
    (checkout.shelf / "alat-1-py3-none-any.whl").unlink()

    code, said = checkout.install()

    assert code == 1
    assert "The package index cannot be reached, or does not have it." in said


@pytest.mark.slow
def test_what_was_interrupted_is_made_anew(checkout: Checkout) -> None:
    mark = checkout.shelf / "building"
    slow = f"open({str(mark)!r}, 'w').write('1'); time.sleep(100)"
    checkout.lock("requirements.lock", checkout.wheel("pustaka"), checkout.source("lambat", slow))
    process = checkout.start(process_group=0)
    wait_for(mark)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    about = checkout.root / ".venv" / "lib"
    [alat] = about.glob("*/site-packages/alat-1.dist-info")
    (alat / "RECORD").unlink()  # as pip leaves a package that it was unpacking
    checkout.lock("requirements.lock", checkout.wheel("pustaka"))

    code, said = checkout.install()

    assert code == 0, said
    assert (alat / "RECORD").exists()
    assert checkout.program("kiss") == "works"


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_leaves_nothing_running(checkout: Checkout, blow: signal.Signals) -> None:
    mark = checkout.shelf / "building"
    slow = (
        f"import os; open({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}');"
        " time.sleep(100)"
    )
    checkout.lock("requirements.lock", checkout.source("lambat", slow))
    process = checkout.start()
    working = [int(number) for number in wait_for(mark).split()]

    process.send_signal(blow)
    process.communicate(timeout=30)

    assert process.returncode == 128 + blow
    for _ in range(100):
        alive = [pid for pid in working if Path(f"/proc/{pid}").exists()]
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []


@pytest.mark.slow
def test_of_two_at_once_one_waits(checkout: Checkout) -> None:
    first, second = checkout.start(), checkout.start()

    told = [process.communicate(timeout=100)[0] for process in (first, second)]

    assert (first.returncode, second.returncode) == (0, 0), told
    assert sum("Waiting for another installation" in each for each in told) == 1
    assert checkout.program("kiss") == "works"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["moved", "copied"])
def test_a_checkout_in_another_place_runs_its_own_code(checkout: Checkout, how: str) -> None:
    checkout.install()
    there = checkout.root.with_name(how)
    if how == "moved":
        checkout.root.rename(there)
    else:
        shutil.copytree(checkout.root, there, symlinks=True)
    checkout.root = there
    (there / ".venv" / "run.stamp").touch()

    make = ["make", "-n", "run"]
    steps = subprocess.run(make, cwd=there, capture_output=True, text=True, check=True).stdout
    code, said = checkout.install()

    assert "tools/environment.py requirements.lock" in steps
    assert code == 0, said
    first = (there / ".venv" / "bin" / "kiss").read_text().splitlines()[:2]
    assert str(there) in " ".join(first)
    assert checkout.program("kiss") == "works"


@pytest.mark.slow
def test_what_stands_where_it_was_made_is_not_installed_again(checkout: Checkout) -> None:
    checkout.install()
    stamp = checkout.root / ".venv" / "run.stamp"
    stamp.touch()
    make = ["make", "-n", "run"]
    options: dict[str, Any] = {"cwd": checkout.root, "capture_output": True, "text": True}

    whole = subprocess.run(make, **options, check=True).stdout
    (checkout.root / ".venv" / "bin" / "kiss").unlink()
    halved = subprocess.run(make, **options, check=True).stdout

    assert "environment.py" not in whole
    assert "environment.py" in halved


@pytest.mark.slow
def test_an_older_python_in_place_is_replaced(checkout: Checkout) -> None:
    checkout.install()
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n")  # as one that finds itself too old
    python.chmod(0o755)

    code, said = checkout.install()

    assert code == 0, said
    assert checkout.program("kiss") == "works"


def test_a_folder_that_may_not_be_written_is_named(checkout: Checkout) -> None:
    options: dict[str, Any] = {}
    if os.geteuid() == 0:
        python = "/usr/bin/python3"  # ours may lie in root's home
        if not Path(python).exists():
            pytest.skip("no Python that every account may run")
        options = {"python": python, "user": "nobody", "group": "nogroup", "extra_groups": []}
    else:
        checkout.root.chmod(0o555)

    code, said = checkout.install(**options)
    checkout.root.chmod(0o755)

    assert code == 1
    assert said.strip() == (
        f"Nothing can be installed: this account may not write in {checkout.root}."
    )
