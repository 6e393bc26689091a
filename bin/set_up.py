"""What the other commands need on the machine: a virtual environment, packages, built assets, a browser.

Everything stays inside the project's folder: .venv, node_modules, .build and .data. Each step leaves a
stamp, a hash of what it was made from, so that a second run does only what has changed. Standard library
only: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from browser import find_browser
from progress import Step, StepFailedError, run_step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / ".build"
PIP_INSTALL: list[str | Path] = [
    *(PYTHON, "-m", "pip", "install", "--only-binary", ":all:"),
    *("--disable-pip-version-check", "--no-input", "--retries", "2"),
]
# Without these, npm tries for minutes to reach a network that is not there.
NPM_RETRIES = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
NPM_CI = ("npm", "ci", "--no-audit", "--no-fund", *NPM_RETRIES)
NETWORK = "If this machine has no network, or only through a proxy, mend that; then run the command again."


def enter_virtual_environment() -> None:
    """Make .venv if it is missing or unusable, and go on in it: the program starts again under its Python."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    with _alone():
        if not _venv_works():
            _make_venv()
    os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - both are ours, and no shell is wanted


def install_packages(requirements: str) -> None:
    """Install the pinned packages of the file `requirements` unless they are already there."""
    path = ROOT / requirements
    text = _requirements_text(path)
    stamp = VENV / f"installed-{path.stem}"
    with _alone():
        if is_stamped(stamp, _hash_of(text)):
            return
        run_step(
            "Installing Python packages into .venv",
            [*PIP_INSTALL, "-r", path],
            counts=r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)|^Processing .*/([\w.]+)-",
            of=len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)),
            mend=f"The packages of {requirements} could not be installed. {NETWORK}",
        )
        write_stamp(stamp, _hash_of(text))


def build_assets() -> None:
    """Fetch the front-end packages (`npm ci`) and build the style sheet and scripts (`npm run build`)."""
    with _alone():
        environment = {"PATH": f"{_node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}
        lock = ROOT / "package-lock.json"
        fetched = ROOT / "node_modules" / ".fetched"
        if not is_stamped(fetched, _hash_of(lock.read_bytes())):
            run_step(
                "Fetching front-end packages into node_modules",
                [*NPM_CI, "--loglevel=http"],
                counts=r"http fetch GET 200 \S+/([^/\s]+)",
                of=max(len(json.loads(lock.read_text())["packages"]) - 1, 1),
                environment=environment,
                folder=ROOT,
                mend=f"The packages of package-lock.json could not be fetched. {NETWORK}",
            )
            write_stamp(fetched, _hash_of(lock.read_bytes()))
        sources = _hash_of_files(
            [ROOT / "static", ROOT / "package.json", lock, *(ROOT / "bin").glob("*.mjs")]
        )
        built = BUILD / "assets-built-from"
        if not is_stamped(built, sources) or not (BUILD / "static").is_dir():
            run_step(
                "Building the style sheet and scripts into .build",
                ["npm", "run", "build"],
                environment=environment,
                folder=ROOT,
                mend="The lines above say which file of static/ cannot be built.",
            )
            write_stamp(built, sources)


def collect_static_files(environment: dict[str, str]) -> None:
    """Hash and compress the static files for production, unless none has changed since."""
    sources = static_sources()
    collected = BUILD / "collected-from"
    with _alone():
        if is_stamped(collected, sources) and (BUILD / "collected" / "staticfiles.json").exists():
            return
        run_step(
            "Compressing static files into .build",
            [PYTHON, ROOT / "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "2"],
            counts=r"^Post-processed '([^']+)'",
            environment=environment,
            mend="The lines above say which file cannot be used.",
        )
        write_stamp(collected, sources)


def static_sources() -> str:
    """A hash of everything that the collected static files are made from."""
    files = _hash_of_files([ROOT / "static", BUILD / "static", ROOT / "maturity" / "settings.py"])
    return _hash_of(files + _requirements_text(ROOT / "requirements.txt"))


def install_browser() -> Path:
    """The browser for the tests: the machine's, else Playwright's, else, for root on Debian, Debian's.

    Raises StepFailedError that says what to install when none of these can be had.
    """
    found = find_browser()
    if found is not None:
        return found
    reason = "No Chromium was found on this machine."
    with _alone(), contextlib.suppress(StepFailedError):
        run_step(
            "Fetching a browser with Playwright",
            [PYTHON, "-m", "playwright", "install", "chromium"],
            counts=r"(\d+)% of",
            mend=NETWORK,
        )
        found = find_browser()
        if found is not None:
            return found
        reason = "Playwright fetched a browser, but system libraries that it needs are missing."
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(
            "  Installing Debian's package chromium for the whole machine, as root: the tests need a browser"
        )
        with _alone():
            for name, command in (
                ("Reading Debian's package lists", ["apt-get", "update", "-q"]),
                (
                    "Installing chromium",
                    ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
                ),
            ):
                run_step(
                    name,
                    command,
                    counts=r"^(?:Get:|Unpacking )\s*(\S+)",
                    environment={"DEBIAN_FRONTEND": "noninteractive"},
                    mend=f"Install Chromium or Google Chrome yourself and run the command again. {NETWORK}",
                )
        found = find_browser()
    if found is None:
        raise StepFailedError(
            f"{reason} The tests need a browser: install Chromium or Google Chrome (on Debian and Ubuntu: "
            "sudo apt-get install chromium), and run the command again."
        )
    return found


def _venv_works() -> bool:
    """Whether .venv is there, was made for this path, has pip, and has a Python that is new enough."""
    if not PYTHON.exists() or str(VENV) not in (VENV / "pyvenv.cfg").read_text():
        return False
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", question], capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    if VENV.is_symlink():
        raise StepFailedError(
            f"{VENV} is a symbolic link to {VENV.readlink()}, and what is there does not work from here. "
            "Making a new environment would empty that folder, so nothing was done. Remove the link "
            "(rm .venv), which leaves the folder as it is, and run the command again."
        )
    run_step(
        f"Making a virtual environment with Python {sys.version.split()[0]} in .venv",
        [sys.executable, "-m", "venv", "--clear", VENV],
        mend="Python's venv module is missing or broken; on Debian and Ubuntu: apt-get install python3-venv.",
    )


def _node_folder() -> Path:
    """The folder of a Node that is new enough: the machine's, else one from a wheel in .venv."""
    needed = int(re.findall(r"\d+", json.loads((ROOT / "package.json").read_text())["engines"]["node"])[0])
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= needed:
        return Path(node).parent
    requirements = ROOT / "requirements-node.txt"
    stamp = VENV / "installed-node"
    if not is_stamped(stamp, _hash_of(requirements.read_text())):
        run_step(
            f"Installing Node into .venv, since this machine has none of version {needed} or newer",
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
                "-r",
                requirements,
            ],
            mend=f"Node could not be installed. {NETWORK}",
        )
        write_stamp(stamp, _hash_of(requirements.read_text()))
    return PYTHON.parent


def _node_version(node: str) -> int:
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    numbers = re.findall(r"\d+", asked.stdout)
    return int(numbers[0]) if asked.returncode == 0 and numbers else 0


def _requirements_text(path: Path) -> str:
    """The text of a requirements file with the files that it includes."""
    text = path.read_text()
    included = re.findall(r"^-r (\S+)", text, re.MULTILINE)
    return "".join(_requirements_text(path.parent / name) for name in included) + text


def _hash_of(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _hash_of_files(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Whether the last thing made was made from what hashes to `value`."""
    return stamp.exists() and stamp.read_text() == value


def write_stamp(stamp: Path, value: str) -> None:
    """Note that something was just made from what hashes to `value`."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in this folder."""
    data = ROOT / ".data"
    data.mkdir(exist_ok=True)
    with (data / "set-up").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting = Step("Waiting for another set-up in this folder to finish")
            fcntl.flock(lock, fcntl.LOCK_EX)
            waiting.finish()
        yield
