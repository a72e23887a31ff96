import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.reports.report_pdf import render_report
from server.reports.typesetting import TEMPLATES, renderer
from tests.support.report_scenes import SCENES


def test_the_renderer_is_named_with_all_that_the_bytes_depend_on() -> None:
    assert re.fullmatch(r"typst \d+\.\d+\.\d+, templates and fonts sha256:[0-9a-f]{64}", renderer())


def test_threads_do_not_disturb_each_other() -> None:
    documents = [SCENES[name]() for name in ("plain", "minority", "returned-sheets", "no-bid-left")]
    alone = [render_report(document) for document in documents]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(render_report, documents * 4))

    assert together == alone * 4


def test_files_say_that_they_are_archivable_and_when_they_were_made() -> None:
    pdf = render_report(SCENES["plain"]()).pdf

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"2026-03-25T00:" in pdf


def test_templates_name_no_file_outside_their_folder() -> None:
    for template in TEMPLATES.glob("*.typ"):
        for named in re.findall(r'(?:import|include|read|image)\s*\(?"([^"]+)"', template.read_text(encoding="utf-8")):
            assert Path(named).name == named
