"""Makes .venv and installs a lock file into it: `python3 tools/environment.py requirements.lock`.

Needs nothing but the standard library, and shows how far it is. The locks name every package, those
that build from source, too; so nothing is resolved here, and a release that came out since is never
looked at. Each package is checked against its hash; the project itself is installed as links to
this folder.
"""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

FLOOR = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
BUILDERS = ROOT / "requirements-build.lock"
BUILD = ["--no-build-isolation", "--use-pep517"]
"""Build with what is installed; pip would fetch the newest release of each builder, unchecked."""
LOCKED = ["install", "--require-hashes", "--no-deps"]
FIRST_SIGN = ("Collecting ", "Requirement already satisfied: ", "Processing ")
"""How pip begins the line of one more package."""

STEP_SECONDS = 10.0
"""Where no terminal shows a moving line, a new one this often."""


def main(lock: Path) -> None:
    """Do what is missing; a second call takes a second or two."""
    began = time.monotonic()
    _make_venv()
    _run([*PIP, *LOCKED, "--quiet", "-r", str(BUILDERS)])
    _install(lock)
    _run([*PIP, "install", "--quiet", "--no-deps", *BUILD, "--editable", str(ROOT)])
    _say(f"Ready after {time.monotonic() - began:.0f} seconds.")


def _make_venv() -> None:
    if sys.version_info < FLOOR:
        sys.exit(f"KISS Intake needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if _works():
        return
    _say(f"Making .venv with Python {sys.version.split()[0]} …")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode != 0:
        sys.exit("Python's venv module is not complete. On Debian: apt install python3-venv")


def _works() -> bool:
    asked = [*PIP, "--version"]
    try:
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    total = sum(1 for line in lines if line[:1].isalnum())
    _say(f"Installing {total} packages of {lock.name}, each checked against its hash …")
    words = [*PIP, *LOCKED, *BUILD, "--progress-bar", "off", "-r", str(lock)]
    pip = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = _follow(pip, total)
    if pip.wait() != 0:
        sys.exit("".join(said[-15:]) + f"\n{lock.name} could not be installed; pip says why above.")


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
        if sys.stdout.isatty():
            print(f"\r{progress:<20}", end="", flush=True)
        elif time.monotonic() - shown > STEP_SECONDS:
            shown = time.monotonic()
            print(progress, flush=True)
    if sys.stdout.isatty():
        print(f"\r{'':<20}\r", end="")
    return said


def _run(words: list[str]) -> None:
    if subprocess.run(words, check=False).returncode != 0:
        sys.exit(f"This did not work: {' '.join(words)}")


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]))
        sys.exit()
    sys.exit(130)
