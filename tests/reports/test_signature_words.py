from server.reports.signature_words import SIGNED, member_reason


def test_reason_holds_the_dissent_in_full() -> None:
    assert member_reason("  ") == SIGNED
    assert member_reason(" 报价分析依据不足。 ") == "确认评标报告，保留不同意见：报价分析依据不足。"
