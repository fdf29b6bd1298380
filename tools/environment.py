"""Makes .venv and installs a lock file into it: `python3 tools/environment.py requirements.lock`.

Needs nothing but the standard library, and shows how far it is. The locks name every package, those
that build from source, too; so nothing is resolved here, and a release that came out since is never
looked at. Each package is checked against its hash; the project itself is installed as links to
this folder. Whatever was interrupted, moved or made by an older Python is made anew.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

FLOOR = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
HOME = VENV / "home"
"""Holds the folder it was made in, once everything is installed: the programs in .venv/bin name
their interpreter by its path, and the project is a link. The Makefile looks here, too."""

PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
BUILDERS = ROOT / "requirements-build.lock"
LOCKED = ["install", "--require-hashes", "--no-deps"]
BUILD = ["--no-build-isolation", "--use-pep517"]
"""Build with what is installed; pip would fetch the newest release of each builder, unchecked."""

FIRST_SIGN = ("Collecting ", "Requirement already satisfied: ", "Processing ")
"""How pip begins the line of one more package."""

STEP_SECONDS = 10.0
"""Where no terminal shows a moving line, a new one this often."""

END_SECONDS = 5.0


def main(lock: Path) -> None:
    """Do what is missing; a second call takes a second or two."""
    began = time.monotonic()
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"Nothing can be installed: this account may not write in {ROOT}.")
    with _alone():
        _make_venv()
        HOME.unlink(missing_ok=True)
        _install(BUILDERS)
        _install(lock)
        _pip(["install", "--no-deps", *BUILD, "--editable", str(ROOT)], "The project")
        HOME.write_text(f"{ROOT}\n", encoding="utf-8")
    _say(f"Ready after {time.monotonic() - began:.0f} seconds.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold this folder; of two installations at once, one waits for the other."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another installation in this folder …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make_venv() -> None:
    if sys.version_info < FLOOR:
        sys.exit(f"KISS Intake needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if _is_whole():
        return
    _say(f"Making .venv with Python {sys.version.split()[0]} …")
    words = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(words, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        said = f"{made.stdout}{made.stderr}".strip()
        if "ensurepip" in said:
            sys.exit("Python's venv module is not complete. On Debian: apt install python3-venv")
        sys.exit(f"{said}\n.venv could not be made; Python says why above.")


def _is_whole() -> bool:
    """Whether .venv was finished, here, and runs a Python that is new enough."""
    asked = [str(PYTHON), "-c", f"import sys, pip; sys.exit(sys.version_info < {FLOOR})"]
    try:
        here = HOME.read_text(encoding="utf-8").strip() == str(ROOT)
        return here and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    total = sum(1 for line in lines if line[:1].isalnum())
    _say(f"Installing {total} packages of {lock.name}, each checked against its hash …")
    words = [*LOCKED, *BUILD, "--progress-bar", "off", "-r", str(lock)]
    _pip(words, lock.name, total)


def _pip(words: list[str], what: str, total: int = 0) -> None:
    """Run pip; with a total, show how far it is. Ends it, and all it started, if we are ended."""
    pip = subprocess.Popen(
        [*PIP, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    try:
        said = _follow(pip, total)
        failed = pip.wait() != 0
    except BaseException:
        _end(pip)
        raise
    if failed:
        offline = any("(from versions: none)" in line for line in said)
        hint = "\nThe package index cannot be reached, or does not have it." if offline else ""
        sys.exit(
            "".join(said[-15:]) + f"\n{what} could not be installed; pip says why above.{hint}"
        )


def _end(pip: "subprocess.Popen[str]") -> None:
    for blow in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pip.pid, blow)
        with contextlib.suppress(subprocess.TimeoutExpired):
            pip.wait(END_SECONDS)


def _follow(pip: "subprocess.Popen[str]", total: int) -> list[str]:
    """Show progress while pip works; return what it said."""
    said: list[str] = []
    seen, shown = 0, time.monotonic()
    for line in pip.stdout or ():
        said.append(line)
        seen += line.startswith(FIRST_SIGN)
        progress = f"  {min(seen, total)} of {total}"
        if line.startswith("Installing collected"):
            progress = "  unpacking"
        if not total:
            continue
        if sys.stdout.isatty():
            print(f"\r{progress:<20}", end="", flush=True)
        elif time.monotonic() - shown > STEP_SECONDS:
            shown = time.monotonic()
            print(progress, flush=True)
    if total and sys.stdout.isatty():
        print(f"\r{'':<20}\r", end="")
    return said


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]))
        sys.exit()
    sys.exit(130)
