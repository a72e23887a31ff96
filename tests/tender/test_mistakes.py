from server.domain.errors import Rejection
from server.tender.mistakes import Mistake, TenderRefused, mistake


def test_mistake_speaks_english() -> None:
    made = mistake("lots.L1.bids", 8, "bids_too_few", {"count": 2, "least": 3}, source="招标投标法, Art. 28")

    assert made == Mistake(
        path="lots.L1.bids",
        line=8,
        code="bids_too_few",
        message="The lot has 2 bids; at least 3 are required.",
        hint="Add the missing bids; with fewer submissions the lot may not be opened.",
        source="招标投标法, Art. 28",
        facts={"count": 2, "least": 3},
    )


def test_refusal_carries_all_mistakes_by_line() -> None:
    late, early = mistake("title", 9, "text_empty"), mistake("end", 3, "end_missing")

    refused = TenderRefused("a.yaml", [late, early])

    assert isinstance(refused, Rejection)
    assert (refused.code, refused.name, refused.mistakes) == ("tender_refused", "a.yaml", (early, late))
    assert str(refused) == (
        "a.yaml has 2 mistakes; the first is in line 3: The last key, end, is missing: the file may have been cut off."
    )
