import subprocess
import sys
from functools import cache
from pathlib import Path

import msgspec
import pytest

from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.plan import MemberNames
from server.domain.state import Report
from server.evidence.canonical import canonical
from server.reports.annex_document import DECLARATION, annex_document
from server.reports.document import Fact, Facts, SignaturePlace
from server.reports.report_pdf import ANNEX_ATTACHED, read_attached, render_annex
from tests.support.pdf_pages import page_count, text_of
from tests.support.room_plan import L1, opening
from tests.support.room_scenes import issue_report, run_to, sign_report
from tests.support.room_world import World

ROOT = Path(__file__).parents[2]
E2 = Alias("E2")


@cache
def signed_room() -> World:
    """A room under aliases in which one member has signed the report."""
    world = run_to(World(opening(names=MemberNames.NEVER)), Phase.LOCKED)
    issue_report(world, L1)
    sign_report(world, L1, E2)
    return world


def report() -> Report:
    found = signed_room().room.lots[L1].report
    assert found is not None
    return found


def test_annex_says_which_report_and_who_the_alias_is() -> None:
    document = annex_document(signed_room().room, L1, E2)

    about, person = (block for section in document.sections for block in section.blocks)
    issued = report().issued
    assert issued is not None
    assert isinstance(about, Facts)
    assert isinstance(person, Facts)
    assert Fact(label="报告版本", value="第 1 版", wide=True) in about.facts
    assert Fact(label="报告定稿", value=f"SHA-256 {issued.certified.sha256}", wide=True) in about.facts
    assert [fact.value for fact in person.facts] == [
        "E2",
        "姓名·E2·",
        "单位·E2·",
        "职称·E2·",
        "乙县",
        "评标专家",
        "成员",
    ]
    assert document.signatures == (SignaturePlace(field="SignE2", label="E2 姓名·E2·", role="成员，评标专家，乙县"),)


def test_annex_names_nobody_else() -> None:
    text = canonical(msgspec.to_builtins(annex_document(signed_room().room, L1, E2))).decode()

    assert [alias for alias in signed_room().room.people if f"·{alias}·" in text] == [E2]


def test_annex_follows_the_members_signature() -> None:
    with pytest.raises(TypeError, match="follows the member's signature"):
        annex_document(signed_room().room, L1, Alias("E3"))


def test_annex_is_one_page_with_one_place_to_sign_and_its_data_attached() -> None:
    document = annex_document(signed_room().room, L1, E2)

    done = render_annex(document)

    assert page_count(done.pdf) == 1
    assert [(box.field, box.page) for box in done.boxes] == [("SignE2", 1)]
    assert read_attached(done.pdf, ANNEX_ATTACHED) == canonical(msgspec.to_builtins(document))
    text = text_of(done.pdf)
    assert [each for each in ("姓名·E2·", document.record, *DECLARATION) if "".join(each.split()) not in text] == []


def test_the_same_annex_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys; from tests.reports.test_annex_document import E2, L1, signed_room;"
        "from server.reports.annex_document import annex_document;"
        "from server.reports.report_pdf import render_annex;"
        "sys.stdout.buffer.write(render_annex(annex_document(signed_room().room, L1, E2)).pdf)"
    )

    elsewhere = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True).stdout

    assert elsewhere == render_annex(annex_document(signed_room().room, L1, E2)).pdf
