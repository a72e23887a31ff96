import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from server.evidence.canonical import canonical
from server.reports.document import Column, ReportDocument, Table
from server.reports.report_pdf import ATTACHED, RenderedReport, read_attached, render_report
from tests.support.golden_logs import plain
from tests.support.pdf_pages import page_count, picture_of, text_of
from tests.support.report_scenes import SCENES, crowded, reported, textbook

ROOT = Path(__file__).parents[2]
PAPER = (255, 255, 255)


def blankless(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def report() -> ReportDocument:
    return reported(textbook())


@pytest.fixture(scope="module")
def rendered(report: ReportDocument) -> RenderedReport:
    return render_report(report)


def test_every_name_and_every_figure_of_the_ranking_stands_in_the_text(
    report: ReportDocument, rendered: RenderedReport
) -> None:
    text = text_of(rendered.pdf)

    for section in (report.sections[1], report.sections[7], report.sections[8]):
        for block in section.blocks:
            for row in block.rows if isinstance(block, Table) else ():
                assert [cell for cell in row if blankless(cell) not in text] == []
    for name in ("赵𬱖", "王龘", "阿依古丽·买买提", "买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜"):
        assert name in text
    assert blankless(report.record) in text
    assert all(blankless(sentence) in text for sentence in report.declaration)


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_set_with_a_box_for_every_signature(scene: str) -> None:
    document = SCENES[scene]()

    done = render_report(document)

    assert [(box.field, box.label) for box in done.boxes] == [(each.field, each.label) for each in document.signatures]
    assert {box.page for box in done.boxes} == {page_count(done.pdf)}
    assert read_attached(done.pdf, ATTACHED) == canonical(msgspec.to_builtins(document))


def test_the_boxes_are_where_the_report_says(rendered: RenderedReport, tmp_path: Path) -> None:
    picture = picture_of(rendered.pdf, rendered.boxes[0].page, tmp_path)

    for box in rendered.boxes:
        corners = [(box.x + dx, box.y + dy) for dx in (3, box.w - 3) for dy in (3, box.h - 3)]
        around = [(box.x - 3, box.y + 3), (box.x + 3, box.y - 3), (box.x + box.w - 3, box.y + box.h + 3)]
        assert len({picture.at(*place) for place in corners} - {PAPER}) == 1
        assert {picture.at(*place) for place in around} == {PAPER}
        assert (round(box.w * 25.4 / 72), round(box.h * 25.4 / 72)) == (44, 18)


def test_many_members_sign_on_several_pages(report: ReportDocument) -> None:
    more = tuple(replace(report.signatures[0], field=f"SignE{number}") for number in range(1, 16))

    boxes = render_report(replace(report, signatures=more)).boxes

    assert [box.field for box in boxes] == [each.field for each in more]
    assert len({box.page for box in boxes}) == 2


def test_the_same_document_gives_the_same_bytes_in_every_process(rendered: RenderedReport) -> None:
    program = (
        "import sys; from tests.support.report_scenes import reported, textbook;"
        "from server.reports.report_pdf import render_report;"
        "sys.stdout.buffer.write(render_report(reported(textbook())).pdf)"
    )

    elsewhere = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True).stdout

    assert elsewhere == rendered.pdf


def test_another_version_is_another_file(report: ReportDocument, rendered: RenderedReport) -> None:
    assert render_report(replace(report, version="第 2 版")).pdf != rendered.pdf


def test_a_text_that_the_fonts_lack_stops_no_report_and_stands_unchanged_in_the_data() -> None:
    document = reported(plain(), minutes="投标人答复：🙂 \U00030000")

    done = render_report(document)

    assert "投标人答复：〔U+1F642〕〔U+30000〕" in text_of(done.pdf)
    assert "🙂 \U00030000".encode() in (read_attached(done.pdf, ATTACHED) or b"")


def test_nothing_is_typst_code_in_what_people_write() -> None:
    written = "#panic() $x$ *粗* [一] <sig> @a `raw` // 注 \\ = 题"

    assert blankless(written) in text_of(render_report(reported(plain(), matters=written)).pdf)


def test_a_crowded_table_repeats_its_head_on_every_page() -> None:
    text = text_of(render_report(reported(crowded(40))).pdf)

    assert text.count("偏差率（%）") == 2


def test_a_row_higher_than_a_page_goes_over_pages_and_loses_nothing(report: ReportDocument) -> None:
    failed = "；".join(f"第 {number} 项评审内容的标题（评标办法前附表 2.1.{number}）2∶5" for number in range(1, 121))
    columns = (Column(title="投标文件", share=1), Column(title="未通过的评审项", share=2))
    section = replace(report.sections[4], blocks=(Table(columns=columns, rows=(("投标文件 B", failed),)),))

    pdf = render_report(replace(report, sections=(*report.sections[:4], section, *report.sections[5:]))).pdf

    assert re.findall(r"2\.1\.(\d+)）", text_of(pdf)) == [str(number) for number in range(1, 121)]


def test_a_file_without_data_has_none() -> None:
    assert read_attached(b"no pdf", ATTACHED) is None
    assert read_attached(b"%PDF-1.7\n%%EOF\n", ATTACHED) is None


def test_data_that_two_viewers_would_read_differently_are_none(rendered: RenderedReport) -> None:
    """Some follow the document's list of attachments, others its names."""
    for place in ("/F", "/UF"):
        writer, output = IncrementalPdfFileWriter(BytesIO(rendered.pdf)), BytesIO()
        other = writer.add_object(generic.StreamObject(stream_data=b"{}"))
        specification = writer.root["/AF"][0].get_object()
        specification["/EF"][generic.pdf_name(place)] = other
        writer.update_container(specification)
        writer.write(output)

        assert read_attached(output.getvalue(), ATTACHED) is None


def test_only_the_file_of_that_name_is_read(rendered: RenderedReport) -> None:
    assert read_attached(rendered.pdf, "report.json") is not None
    assert read_attached(rendered.pdf, "signing-record.json") is None
