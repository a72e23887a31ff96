import pytest

from server.tender.read import read_tender
from tests.tender.small_tender import SMALL, changed, found_in, line_of, with_files


def test_bids_name_their_files_in_order() -> None:
    tender = read_tender(with_files(A="[{title: 技术标, file: bids/a.pdf}, {title: 商务标, file: 商务 标.PDF}]")).tender

    [lot] = tender.lots.values()
    named = {bid: [(each.title, each.file) for each in entry.files] for bid, entry in lot.bids.items()}
    assert named == {"A": [("技术标", "bids/a.pdf"), ("商务标", "商务 标.PDF")], "B": [], "C": []}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../a.pdf",
        "bids/../../a.pdf",
        "bids/..",
        "..",
        "./a.pdf",
        "bids//a.pdf",
        "bids/",
        "C:/a.pdf",
        r"bids\\a.pdf",
        "a:b.pdf",
    ],
)
def test_name_that_leads_elsewhere_is_refused(name: str) -> None:
    text = with_files(A=f"[{{title: 技术标, file: '{name}'}}]")

    assert found_in(text) == [(line_of(text, "file:"), "lots.L1.bids.A.files[0].file", "bid_file_name_unsafe")]


@pytest.mark.parametrize("name", ["a.pdf", "..a/b..pdf", "bids/技术 标(1).pdf", "…/a.pdf", ".hidden/a.pdf"])
def test_any_other_name_is_taken(name: str) -> None:
    tender = read_tender(with_files(A=f"[{{title: 技术标, file: '{name}'}}]")).tender

    assert tender.lots["L1"].bids["A"].files[0].file == name  # type: ignore[index]


def test_mistake_stands_at_the_line_of_its_file() -> None:
    text = with_files(A="[\n        {title: '', file: a.pdf},\n        {titel: 技术标,\n         file: ../b.pdf}]")
    line = line_of(text, "{title: ''")

    assert found_in(text) == [
        (line, "lots.L1.bids.A.files[0].title", "text_empty"),
        (line + 1, "lots.L1.bids.A.files[1].titel", "unknown_key"),
        (line + 1, "lots.L1.bids.A.files[1].title", "missing_key"),
        (line + 2, "lots.L1.bids.A.files[1].file", "bid_file_name_unsafe"),
    ]


def test_file_of_two_bids_is_refused_at_the_second() -> None:
    text = with_files(A="[{title: 一, file: a.pdf}]", B="[{title: 一, file: b.pdf}, {title: 二, file: a.pdf}]")

    assert found_in(text) == [(line_of(text, "b.pdf"), "lots.L1.bids.B.files[1].file", "bid_file_repeated")]


def test_file_named_twice_for_one_bid_is_refused() -> None:
    text = with_files(A="[{title: 一, file: a.pdf}, {title: 二, file: a.pdf}]")

    assert [code for _, _, code in found_in(text)] == ["bid_file_repeated"]


@pytest.mark.parametrize(("bidder", "codes"), [("远峰公司", []), ("另一家公司", ["bid_file_repeated"])])
def test_only_a_bidder_of_several_lots_may_share_a_file(bidder: str, codes: list[str]) -> None:
    text = with_files(A="[{title: 资质, file: proofs.pdf}]")
    lot = text[text.index("  L1:") : text.index("end: true")].replace("L1:", "L2:").replace("远峰公司", bidder)
    text = text.replace("end: true", lot + "end: true")

    found = found_in(text) if codes else []

    assert [code for _, _, code in found] == codes
    if not codes:
        assert [lot.bids["A"].files[0].file for lot in read_tender(text).tender.lots.values()] == ["proofs.pdf"] * 2  # type: ignore[index]


def test_title_of_a_file_may_not_name_a_bidder() -> None:
    text = with_files(B="[{title: 远峰公司技术标, file: a.pdf}]")

    assert found_in(text) == [(line_of(text, "a.pdf"), "lots.L1.bids.B.files[0].title", "title_names_bidder")]


def test_bid_has_a_limit_of_files() -> None:
    entries = ", ".join(f"{{title: 卷{at}, file: {at}.pdf}}" for at in range(21))

    assert [(path, code) for _, path, code in found_in(with_files(A=f"[{entries}]"))] == [
        ("lots.L1.bids.A.files", "too_many")
    ]


def test_files_are_a_list() -> None:
    assert [code for _, _, code in found_in(with_files(A="a.pdf"))] == ["not_list"]
    assert read_tender(changed(("credit: 4}}", "credit: 4}, files: []}"), text=SMALL)).tender.title == "小项目"
