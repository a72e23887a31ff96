import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from server.domain.ids import Digest, Millis
from server.reports.document import Fact
from server.reports.signing_record import (
    NOTES,
    OUTCOMES,
    SigningEntry,
    SigningFacts,
    SigningOutcome,
    SigningRow,
    render_signing_record,
    signing_record,
)
from tests.support.pdf_pages import page_count, text_of

ROOT = Path(__file__).parents[2]
AT = Millis(1_774_400_000_000)
FACTS = SigningFacts(
    project="清源县云栖河综合治理工程施工招标",
    lot="施工标段",
    version=2,
    digest=Digest(sha256(b"report").hexdigest()),
    at=Millis(AT + 3_600_000),
    zone="Asia/Shanghai",
    size=181,
    root=Digest(sha256(b"root").hexdigest()),
)
DISSENT = "对投标文件 D 的进度计划有不同意见。\n\n理由：关键线路没有考虑主汛期停工，总工期难以保证。"
ROWS = (
    SigningRow(label="E1 赵𬱖", outcome=SigningOutcome.SIGNED, at=AT, text=""),
    SigningRow(label="E2 王龘", outcome=SigningOutcome.SIGNED_WITH_DISSENT, at=AT, text=DISSENT),
    SigningRow(
        label="E5 买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜",
        outcome=SigningOutcome.REFUSED_WITH_DISSENT,
        at=AT,
        text="不同意排序。",
    ),
    SigningRow(label="E6", outcome=SigningOutcome.DEEMED_AGREED, at=AT, text="经两次催告，未签名，也未陈述理由。"),
)


def test_every_outcome_has_its_words() -> None:
    assert list(OUTCOMES.values()) == [
        "已签名",
        "已签名并保留不同意见",
        "拒绝签名并书面陈述不同意见",
        "拒绝签名且不陈述理由，视为同意",
    ]
    assert set(OUTCOMES) == set(SigningOutcome)


def test_the_annex_names_the_report_and_how_it_ended_for_everyone() -> None:
    document = signing_record(FACTS, ROWS)

    assert document.facts[2:] == (
        Fact(label="所附报告", value="评标报告（第 2 版）", wide=True),
        Fact(label="报告文件", value=f"SHA-256 {FACTS.digest}", wide=True),
        Fact(
            label="签署情况",
            value="成员 4 人；已签名 1 人；已签名并保留不同意见 1 人；拒绝签名并书面陈述不同意见 1 人；"
            "拒绝签名且不陈述理由，视为同意 1 人",
            wide=True,
        ),
        Fact(label="说明时间", value="2026年3月25日 09:53", wide=True),
    )
    assert document.entries[:2] == (
        SigningEntry(label="E1 赵𬱖", outcome="已签名", time="2026年3月25日 08:53", heading="", paragraphs=()),
        SigningEntry(
            label="E2 王龘",
            outcome="已签名并保留不同意见",
            time="2026年3月25日 08:53",
            heading="不同意见及理由",
            paragraphs=("对投标文件 D 的进度计划有不同意见。", "理由：关键线路没有考虑主汛期停工，总工期难以保证。"),
        ),
    )
    assert document.entries[3].heading == "评标委员会的说明"


def test_all_of_it_stands_in_the_file() -> None:
    pdf = render_signing_record(signing_record(FACTS, ROWS))
    text = text_of(pdf)

    texts = (
        *(row.label for row in ROWS),
        *(row.text for row in ROWS),
        *OUTCOMES.values(),
        *NOTES,
        FACTS.digest,
        FACTS.root,
    )
    assert [each for each in texts if "".join(each.split()) not in text] == []


def test_a_dissent_of_any_length_is_printed_in_full() -> None:
    lines = [f"第 {number} 点理由：该项打分与投标文件内容不符，应予核对。" for number in range(1, 121)]
    long = SigningRow(label="E3", outcome=SigningOutcome.REFUSED_WITH_DISSENT, at=AT, text="\n".join(lines))

    pdf = render_signing_record(signing_record(FACTS, [long, *ROWS]))

    text = text_of(pdf)
    assert page_count(pdf) > 3
    assert all("".join(line.split()) in text for line in lines)


def test_without_dissent_the_annex_says_so() -> None:
    text = text_of(render_signing_record(signing_record(FACTS, ROWS[:1])))

    assert "三、不同意见与说明无。" in text


def test_the_same_annex_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys; from tests.reports.test_signing_record import FACTS, ROWS;"
        "from server.reports.signing_record import render_signing_record, signing_record;"
        "sys.stdout.buffer.write(render_signing_record(signing_record(FACTS, ROWS)))"
    )

    elsewhere = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True).stdout

    assert elsewhere == render_signing_record(signing_record(FACTS, ROWS))
