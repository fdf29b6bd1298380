"""All the locks name is installed as they name it; pip has nothing to choose on a later day."""

import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.root import ROOT

RUN, DEV, BUILD, MUTANTS = (
    ROOT / f"requirements{kind}.lock" for kind in ("", "-dev", "-build", "-mutants")
)
PACKAGE = re.compile(
    r"(?m)^(?P<named>\S.*?==.*?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}.*\n)+)"
)


def pinned(lock: Path) -> dict[str, Requirement]:
    """Name, exact version and hashes of every package; a line that is anything else is an error."""
    text = lock.read_text(encoding="utf-8")
    packages = [Requirement(found["named"]) for found in PACKAGE.finditer(text)]
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(packages) == len(lines), f"{lock.name}: a package without version or hash"
    return {canonicalize_name(package.name): package for package in packages}


def installed() -> dict[str, Distribution]:
    return {canonicalize_name(one.name): one for one in distributions() if one.name}


def wanted(package: Requirement) -> bool:
    return package.marker is None or package.marker.evaluate()


def needed_by(package: Distribution, extras: set[str]) -> set[str]:
    """Names that a package asks for on this machine, with these extras."""
    asked = [Requirement(line) for line in package.requires or ()]
    surroundings = [{"extra": extra} for extra in ("", *extras)]
    return {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or any(one.marker.evaluate(each) for each in surroundings)
    }


@pytest.mark.parametrize("lock", [RUN, DEV, BUILD], ids=lambda lock: lock.name)
def test_a_lock_names_every_package_that_its_packages_need(lock: Path) -> None:
    packages, here = pinned(lock), installed()

    missing = {
        name: sorted(lacking)
        for name, package in packages.items()
        if wanted(package) and (lacking := needed_by(here[name], package.extras) - packages.keys())
    }

    assert not missing


def test_what_the_project_asks_for_is_in_the_locks() -> None:
    project = installed()["kiss-intake"]

    assert needed_by(project, set()) <= pinned(RUN).keys()
    assert needed_by(project, {"dev"}) <= pinned(DEV).keys()


def test_the_locks_agree() -> None:
    dev = pinned(DEV)
    others = {lock.name: pinned(lock) for lock in (RUN, BUILD, MUTANTS)}

    differing = {
        (lock, name)
        for lock, packages in others.items()
        for name, package in packages.items()
        if name in dev and package.specifier != dev[name].specifier
    }

    assert others[RUN.name].keys() <= dev.keys()
    assert not differing


def test_what_is_installed_is_what_the_locks_name() -> None:
    here = installed()
    packages = pinned(DEV) | pinned(BUILD)

    assert {name: f"=={here[name].version}" for name in packages if wanted(packages[name])} == {
        name: str(package.specifier) for name, package in packages.items() if wanted(package)
    }


def test_nothing_installed_contradicts_another() -> None:
    words = [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]

    said = subprocess.run(words, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout


def test_no_installation_of_ours_leaves_pip_a_choice() -> None:
    files = [ROOT / "Dockerfile", ROOT / "Makefile", ROOT / "README.md", *ROOT.glob("deploy/*")]
    files += [*ROOT.glob("docs/*.md"), ROOT / "docker-compose.yml"]
    commands = [
        (file.name, line.strip())
        for file in files
        if file.is_file()
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bpip\S* install", line)
    ]

    unsafe = [
        (file, command)
        for file, command in commands
        if "--no-deps" not in command
        or ("-r " in command and "--require-hashes" not in command)
        or (not command.endswith("-build.lock \\") and "--no-build-isolation" not in command)
    ]

    assert commands
    assert unsafe == []
