"""Set-up does what has changed and no more, and says in a sentence what is missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import set_up
from browser import find_browser
from progress import Step, StepFailedError, run_step

ROOT = Path(__file__).resolve().parents[2]


def program(path: Path, script: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, in a path with a space, for set-up to work in."""
    root = tmp_path / "a project"
    root.mkdir()
    for name, path in {"ROOT": root, "VENV": root / ".venv", "BUILD": root / ".build"}.items():
        monkeypatch.setattr(set_up, name, path)
    return root


def run_with_pythons(folder: Path, **scripts: str) -> subprocess.CompletedProcess[str]:
    """Run bin/run where the path holds only `scripts` (`python3_9` for python3.9) and a few tools."""
    for name, script in scripts.items():
        program(folder / name.replace("_", "."), script)
    for tool in ("dirname", "sh"):
        (folder / tool).symlink_to(
            Path("/usr/bin") / tool if (Path("/usr/bin") / tool).exists() else f"/bin/{tool}"
        )
    return subprocess.run(
        [ROOT / "bin" / "run", "demo.py", "an argument"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_told_in_a_sentence(tmp_path: Path) -> None:
    # Prints its version, and answers no when it is asked whether that is new enough.
    old = 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac'
    finished = run_with_pythons(tmp_path, python3=old)

    assert finished.returncode == 1
    assert finished.stderr.splitlines()[0] == "This needs Python 3.11 or newer, and the Python here is 3.9."
    assert "https://www.python.org/downloads/" in finished.stderr


def test_no_python_is_told_in_a_sentence(tmp_path: Path) -> None:
    finished = run_with_pythons(tmp_path)

    assert finished.returncode == 1
    assert finished.stderr.splitlines()[0] == "This needs Python 3.11 or newer, and there is no Python here."


def test_a_newer_python_beside_an_old_one_is_used(tmp_path: Path) -> None:
    old = 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac'
    new = 'case "$1 $2" in *print*) echo 3.12 ;; -c*) exit 0 ;; *) echo "$@" ;; esac'
    finished = run_with_pythons(tmp_path, python3=old, python3_12=new)

    assert finished.stdout == f"{ROOT}/bin/demo.py an argument\n"


def test_a_step_that_fails_shows_the_end_of_its_output_and_what_to_do() -> None:
    command = ["sh", "-c", "for n in $(seq 40); do echo line $n; done; exit 3"]

    with pytest.raises(StepFailedError) as failure:
        run_step("Fetching", command, mend="Mend the network.")

    lines = str(failure.value).splitlines()
    assert lines[0] == "    line 26"
    assert lines[-2:] == ["    line 40", "Fetching failed. Mend the network."]


def test_a_step_whose_program_is_missing_says_so() -> None:
    with pytest.raises(
        StepFailedError, match=r"^Fetching could not start: .*no-such-program.* Install it\.$"
    ):
        run_step("Fetching", ["no-such-program"], mend="Install it.")


def test_a_log_tells_that_a_step_began_and_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    step = Step("Fetching", of=3)
    step.advance("one")
    step.finish()

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  Fetching"
    assert lines[1].startswith("  Fetching: done (")


def test_a_terminal_shows_how_far_a_step_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    step = Step("Fetching", of=3)
    step.advance("one")
    step.advance("two")
    step.finish()

    shown = [part.rstrip() for part in capsys.readouterr().out.split("\r")]
    assert shown[1:4] == ["  Fetching", "  Fetching: 1 of 3 (one)", "  Fetching: 2 of 3 (two)"]


def test_an_environment_that_is_a_link_is_left_as_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = project.parent / "theirs"
    program(theirs / "bin" / "python", "exit 0")
    (theirs / "pyvenv.cfg").write_text(f"command = python -m venv {theirs}\n")
    (project / ".venv").symlink_to(theirs)
    monkeypatch.setattr(set_up, "PYTHON", project / ".venv" / "bin" / "python")

    with pytest.raises(StepFailedError) as refusal:
        set_up.enter_virtual_environment()

    assert str(refusal.value) == (
        f"{project}/.venv is a symbolic link to {theirs}, and what is there does not work from here. "
        "Making a new environment would empty that folder, so nothing was done. Remove the link "
        "(rm .venv), which leaves the folder as it is, and run the command again."
    )
    assert sorted(path.name for path in theirs.rglob("*")) == ["bin", "python", "pyvenv.cfg"]


def test_packages_are_installed_once_for_each_set_of_pins(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = project / "log"
    pip = program(project / "fake-pip", f'echo "$@" >> "{log}"; echo Collecting django')
    monkeypatch.setattr(set_up, "PIP_INSTALL", [pip, "install"])
    (project / "requirements.txt").write_text("django==5.2\n")
    (project / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2\n")

    set_up.install_packages("requirements-dev.txt")
    set_up.install_packages("requirements-dev.txt")
    assert log.read_text().splitlines() == [f"install -r {project}/requirements-dev.txt"]

    (project / "requirements.txt").write_text("django==5.2.1\n")
    set_up.install_packages("requirements-dev.txt")
    assert len(log.read_text().splitlines()) == 2


def test_an_installation_that_fails_is_tried_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = program(project / "fake-pip", 'echo "Temporary failure in name resolution"; exit 1')
    monkeypatch.setattr(set_up, "PIP_INSTALL", [pip])
    (project / "requirements.txt").write_text("django==5.2\n")

    for _ in range(2):
        with pytest.raises(StepFailedError) as failure:
            set_up.install_packages("requirements.txt")
        said, sentence = str(failure.value).splitlines()
        assert said == "    Temporary failure in name resolution"
        assert sentence == (
            "Installing Python packages into .venv failed. "
            "The packages of requirements.txt could not be installed. "
            "If this machine has no network, or only through a proxy, mend that; then run the command again."
        )


def test_the_static_files_are_collected_again_when_one_changes(project: Path) -> None:
    for name in ("static", ".build/static", "maturity"):
        (project / name).mkdir(parents=True)
    (project / "maturity" / "settings.py").write_text("")
    (project / "requirements.txt").write_text("whitenoise==6\n")
    before = set_up.static_sources()
    assert set_up.static_sources() == before

    (project / ".build" / "static" / "site.css").write_text("p {}")
    assert set_up.static_sources() != before


def test_a_stamp_holds_for_what_it_was_made_from(tmp_path: Path) -> None:
    stamp = tmp_path / "deep" / "stamp"
    assert not set_up.is_stamped(stamp, "a")

    set_up.write_stamp(stamp, "a")

    assert (set_up.is_stamped(stamp, "a"), set_up.is_stamped(stamp, "b")) == (True, False)


def test_the_browser_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = program(tmp_path / "my browser", "echo Chromium 1")
    monkeypatch.setenv("BROWSER_FOR_TESTS", str(named))
    assert find_browser() == named

    program(named, "exit 1")
    assert find_browser() != named


def test_make_help_lists_every_command() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(
        ["make", "-C", ROOT, "-s", "help"], capture_output=True, text=True, check=True, env=environment
    )

    assert [line.split()[1] for line in shown.stdout.splitlines()] == [
        "help",
        "demo",
        "demo-reset",
        "simulate",
        "run",
        "test",
        "check",
        "bench",
        "bench-large",
    ]
