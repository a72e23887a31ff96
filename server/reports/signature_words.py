"""Why a document was signed, as the signature's own dictionary says it: the first thing a PDF viewer shows of it."""

from typing import Final

ISSUED: Final = "评标报告定稿"
SIGNED: Final = "确认评标报告"
SIGNED_WITH_DISSENT: Final = "确认评标报告，保留不同意见：{dissent}"
SEALED: Final = "评标委员会成员签署结束，评标报告封存"


def member_reason(dissent: str) -> str:
    """Why a member signs; the dissent stands in it in full."""
    dissent = dissent.strip()
    return SIGNED_WITH_DISSENT.format(dissent=dissent) if dissent else SIGNED
