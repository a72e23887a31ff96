from server.reports.signature_words import SIGNED, member_reason


def test_dissent_stands_in_the_reason_in_full() -> None:
    assert member_reason("") == member_reason(" \n") == SIGNED
    assert member_reason(" 报价分析依据不足\n") == "确认评标报告，保留不同意见：报价分析依据不足"
