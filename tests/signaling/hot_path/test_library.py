import re
import subprocess
import sys
from pathlib import Path

from signaling.hot_path import library

FOLDER = Path(library.__file__).parent


def test_header_that_python_reads_is_the_one_that_is_compiled() -> None:
    for source in FOLDER.glob("*.c"):
        assert '#include "hot_path.h"' in source.read_text()
    assert not re.search(r"^\s*#", (FOLDER / "hot_path.h").read_text(), re.MULTILINE)


def test_structs_have_the_sizes_that_the_compiler_gives_them(tmp_path: Path) -> None:
    structs = sorted(set(re.findall(r"^struct (\w+) \{", (FOLDER / "hot_path.h").read_text(), re.MULTILINE)))
    prints = "".join(f'printf("{name} %zu\\n", sizeof(struct {name}));' for name in structs)
    (tmp_path / "sizes.c").write_text(
        f'#include <stdint.h>\n#include <stdio.h>\n#include "hot_path.h"\nint main(void) {{ {prints} return 0; }}\n'
    )
    subprocess.run(["cc", f"-I{FOLDER}", "-o", tmp_path / "sizes", tmp_path / "sizes.c"], check=True)

    said = subprocess.run([tmp_path / "sizes"], check=True, capture_output=True, text=True).stdout

    assert len(structs) > 8
    assert dict(line.split() for line in said.splitlines()) == {
        name: str(library.ffi.sizeof(f"struct {name}")) for name in structs
    }


def test_library_that_was_not_compiled_is_told_with_what_to_do(tmp_path: Path) -> None:
    for name in ("library.py", "hot_path.h"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())

    ended = subprocess.run([sys.executable, "-c", "import library"], cwd=tmp_path, capture_output=True, text=True)

    assert "hot_path.so is not there; run: make build" in ended.stderr
