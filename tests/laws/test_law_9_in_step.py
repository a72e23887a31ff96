"""Law 9: what must stay in step is checked: source and tests, imports, generated files, README and program."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from server.cli.main import app

ROOT = Path(__file__).parent.parent.parent

WITHOUT_OWN_TEST = {
    "server/cli/terminal.py": "every other test of the folder sees what it prints",
    "server/backup/errors.py": "the sentences of errors that the other tests of the folder provoke",
    "server/demo/seat_client.py": "every test of the sockets speaks through it",
    "server/demo/seat_media.py": "tests/web/test_media_bridge.py is played with it",
    "server/web/protocol/example_room.py": "tests/web/protocol/test_examples.py decodes what it makes",
    "server/domain/scoring/trace.py": "tested with every calculation",
    "server/evidence/progress.py": "tests/reports/test_report_checks.py listens to it",
    "server/store/errors.py": "the sentences of errors that the other tests of the folder provoke",
}
"Source files whose behaviour another test shows, with the reason."

READMES = ("README.md", "README.zh-CN.md")
GUIDES = ("deploy/first-tender.md", "deploy/first-tender.zh-CN.md")


def sources() -> list[str]:
    """The files with behaviour: those that define nothing but types and values need no test of their own."""
    found = [*ROOT.glob("server/**/*.py"), *ROOT.glob("signaling/**/*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in found if defines_functions(path))


def defines_functions(path: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text()))
    )


@pytest.mark.parametrize("source", sources())
def test_every_source_file_has_its_test(source: str) -> None:
    place = Path(source)
    parts = place.parts[1:] if place.parts[0] == "server" else place.parts
    test = ROOT.joinpath("tests", *parts[:-1], f"test_{place.name}")

    assert test.exists() or source in WITHOUT_OWN_TEST


def test_imports_point_down() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    assert subprocess.run([lint], cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_python_lock_files_carry_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert len(re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE | re.IGNORECASE)) <= text.count("--hash=sha256:")
    assert "://" not in text


def test_client_lock_file_carries_hashes_and_no_registry() -> None:
    text = (ROOT / "client_web/package-lock.json").read_text()

    assert '"integrity"' in text
    assert '"resolved"' not in text


@pytest.mark.parametrize("guide", GUIDES)
def test_guide_names_only_commands_that_exist(guide: str) -> None:
    named = set(re.findall(r"(?:sudo |bin/)lianping ((?:[a-z]+ ?)+)", "\n".join(code_blocks(guide))))

    assert {each.split()[0] for each in named} >= {"doctor", "room", "operator", "restore", "template", "verify"}
    assert [each for each in named if not is_command(each.split())] == []


def test_guides_give_the_same_commands() -> None:
    english, chinese = (code_blocks(guide) for guide in GUIDES)

    assert [block.replace('"Operator"', '"主场管理员"') for block in english] == chinese


def code_blocks(file: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / file).read_text(), re.DOTALL)


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_only_verbs_and_commands_that_exist(readme: str) -> None:
    text = (ROOT / readme).read_text()
    makefile = (ROOT / "Makefile").read_text()

    verbs = set(re.findall(r"`make ([a-z]+)", text))
    assert verbs
    assert verbs <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {tuple(found.split()) for found in re.findall(r"`lianping ((?:[a-z]+ ?)+)", text)}
    assert named
    for words in named:
        assert is_command(list(words)), words


@pytest.mark.parametrize("readme", READMES)
def test_readme_maps_every_folder(readme: str) -> None:
    text = (ROOT / readme).read_text()
    folders = [path.name for path in (ROOT / "server").iterdir() if path.is_dir() and not path.name.startswith("__")]

    assert [name for name in folders if f"{name}/" not in text] == []


def test_both_readmes_have_the_same_sections() -> None:
    english, chinese = ((ROOT / name).read_text() for name in READMES)

    assert len(re.findall(r"^## ", english, re.MULTILINE)) == len(re.findall(r"^## ", chinese, re.MULTILINE))


def is_command(words: list[str]) -> bool:
    """Whether these words lead to a command; a group alone counts, and what follows a command is its arguments."""
    command = get_command(app)
    for word in words:
        if not isinstance(command, typer.core.TyperGroup):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True
