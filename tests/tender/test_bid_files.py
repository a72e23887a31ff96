import errno
import os

import pytest

from server.domain.plan import DocumentFile
from server.tender.bid_files import FILE_SIZE_LIMIT, FILES_SIZE_LIMIT, LoadFile, NamedFile, pdf_fault, whole_tender
from server.tender.mistakes import Mistake, TenderRefused
from server.tender.read import read_tender
from server.tender.template import textbook
from tests.tender.small_tender import line_of, with_files

A, B = b"%PDF-1.7\na\n%%EOF\n", b"%PDF-1.4\nb\n%%EOF"
TWO = with_files(A="[{title: 技术标, file: bids/a.pdf}]", B="[{title: 技术标, file: bids/b.pdf}]")


def loading(files: dict[str, bytes]) -> LoadFile:
    def load(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    return load


def mistakes(text: str, load: LoadFile) -> list[Mistake]:
    with pytest.raises(TenderRefused) as caught:
        whole_tender(read_tender(text, name="t.yaml"), load)
    assert caught.value.name == "t.yaml"
    return list(caught.value.mistakes)


def test_text_tells_where_each_file_is_named() -> None:
    text = read_tender(TWO)

    assert text.files[1] == NamedFile(
        lot=text.files[0].lot,
        bid=list(text.tender.lots["L1"].bids)[1],  # type: ignore[index]
        title="技术标",
        name="bids/b.pdf",
        path="lots.L1.bids.B.files[0].file",
        line=line_of(TWO, "bids/b.pdf"),
    )


def test_whole_tender_knows_every_file_by_its_content() -> None:
    whole = whole_tender(read_tender(TWO), loading({"bids/a.pdf": A, "bids/b.pdf": B}))

    assert whole.documents["bids/b.pdf"] == DocumentFile(sha256=whole.documents["bids/b.pdf"].sha256, size=len(B))
    assert len({file.sha256 for file in whole.documents.values()}) == 2
    assert whole.load("bids/a.pdf") == A


def test_tender_without_files_needs_none() -> None:
    whole = whole_tender(read_tender(with_files()), loading({}))

    assert whole.documents == {}


def test_textbook_comes_with_six_files() -> None:
    whole = textbook()

    assert list(whole.documents) == [f"bids/{bid}.pdf" for bid in "ABCDEF"]
    assert all(pdf_fault(whole.load(name)) is None for name in whole.documents)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "bid_file_missing"),
        (b"", "bid_file_empty"),
        (b"PK\x03\x04 a document of an office", "bid_file_no_pdf"),
        (b"\n%PDF-1.7 %%EOF", "bid_file_no_pdf"),
        (b"%PDF-1.7\n" + b"x" * 5000, "bid_file_cut_off"),
        (b"%PDF-1.7 %%EOF" + b"\0" * 2000, "bid_file_cut_off"),
        (b"%PDF-1.7" + bytes(FILE_SIZE_LIMIT), "bid_file_too_large"),
    ],
)
def test_mistake_of_a_file_stands_at_the_line_that_names_it(data: bytes | None, code: str) -> None:
    files = {"bids/a.pdf": A} | ({} if data is None else {"bids/b.pdf": data})

    [found] = mistakes(TWO, loading(files))

    assert (found.line, found.path, found.code) == (
        line_of(TWO, "bids/b.pdf"),
        "lots.L1.bids.B.files[0].file",
        code,
    )
    assert found.facts["file"] == "bids/b.pdf"


def test_file_of_the_largest_size_is_taken() -> None:
    largest = b"%PDF-1.7" + bytes(FILE_SIZE_LIMIT - len(b"%PDF-1.7%%EOF")) + b"%%EOF"

    whole = whole_tender(read_tender(TWO), loading({"bids/a.pdf": A, "bids/b.pdf": largest}))

    assert whole.documents["bids/b.pdf"].size == FILE_SIZE_LIMIT


def test_every_file_is_looked_at_though_one_is_wrong() -> None:
    def load(name: str) -> bytes:
        if name == "bids/a.pdf":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
        return b"no"

    assert [(each.path[13], each.code) for each in mistakes(TWO, load)] == [
        ("A", "bid_file_unreadable"),
        ("B", "bid_file_no_pdf"),
    ]


def test_copy_under_another_name_is_found() -> None:
    [found] = mistakes(TWO, loading({"bids/a.pdf": A, "bids/b.pdf": A}))

    assert (found.code, found.facts["first"], found.facts["first_line"]) == (
        "bid_file_same_content",
        "bids/a.pdf",
        line_of(TWO, "bids/a.pdf"),
    )


def test_bidder_of_two_lots_may_hand_in_the_same_proofs() -> None:
    text = with_files(A="[{title: 资质, file: one.pdf}]")
    lot = text[text.index("  L1:") : text.index("end: true")].replace("L1:", "L2:").replace("one.pdf", "two.pdf")
    text = text.replace("end: true", lot + "end: true")

    whole = whole_tender(read_tender(text), loading({"one.pdf": A, "two.pdf": A}))

    assert whole.documents["one.pdf"] == whole.documents["two.pdf"]


def test_files_have_a_limit_together() -> None:
    count = FILES_SIZE_LIMIT // FILE_SIZE_LIMIT + 2
    entries = [f"{{title: 卷{at}, file: {at}.pdf}}" for at in range(count)]
    text = with_files(A="[" + ", ".join(entries) + "]")

    def load(name: str) -> bytes:
        return b"%PDF-" + name.encode() + bytes(FILE_SIZE_LIMIT - 40) + b"%%EOF"

    assert [(each.path, each.code) for each in mistakes(text, load)] == [
        ("lots.L1.bids.A.files[10].file", "bid_files_too_large")
    ]
