from pathlib import Path

import pytest
import segno

from server.domain.ids import Alias, Millis
from server.domain.roles import Role
from server.reports.slips import ROLES, NoEmptySeats, Slip, entry_url, render_slips, slips_of
from tests.support.golden_logs import replaced_members, returned_sheets
from tests.support.pdf_pages import Picture, page_count, picture_of, text_of
from tests.support.report_scenes import textbook
from tests.support.room_world import World

ADDRESS = "https://lianping.example:8443"
NOW = Millis(1_774_400_000_000)
SLIP = Slip(
    room="清源县云栖河综合治理工程施工招标",
    venue="望溪县公共资源交易中心",
    alias=Alias("E3"),
    role="评标专家",
    person="",
    code="0420 6931",
)


def printed(*slips: Slip, address: str = ADDRESS) -> bytes:
    return render_slips(slips, address=address, expires=Millis(NOW + 43_200_000), zone="Asia/Shanghai", at=NOW)


def black(picture: Picture) -> list[tuple[int, int]]:
    """Places of pure black, which only the QR code has."""
    places = ((x, y) for y in range(1, picture.height + 1) for x in range(picture.width))
    return [place for place in places if picture.at(*place) == (0, 0, 0)]


def test_every_role_has_a_word() -> None:
    assert set(ROLES) == set(Role)


def test_a_page_a_seat_says_who_where_how_and_until_when() -> None:
    pdf = printed(SLIP, SLIP)
    text = text_of(pdf)

    assert page_count(pdf) == 2
    for expected in (SLIP.room, SLIP.venue, SLIP.alias, SLIP.role, "04206931", ADDRESS, "2026年3月25日20:53"):
        assert text.count(expected) >= 2, expected
    assert text.index("在浏览器中输入网址") < text.index("输入八位入场码") < text.index("等待工作人员确认")
    assert "不要转告他人" in text


def test_the_qr_code_leads_to_the_entrance_with_the_code(tmp_path: Path) -> None:
    picture = picture_of(printed(SLIP), 1, tmp_path)

    dark = black(picture)
    left, right = min(x for x, _ in dark), max(x for x, _ in dark) + 1
    below, above = min(y for _, y in dark), max(y for _, y in dark) + 1
    expected = [[bool(module) for module in row] for row in segno.make(f"{ADDRESS}/#code=04206931", error="m").matrix]
    count = len(expected)
    size = (right - left) / count
    assert (above - below) == pytest.approx(right - left, abs=2)
    assert expected == [
        [picture.at(left + (x + 0.5) * size, above - (y + 0.5) * size) == (0, 0, 0) for x in range(count)]
        for y in range(count)
    ]


def test_the_entrance_is_named_without_blanks() -> None:
    assert entry_url("http://10.0.0.1", "1234 5678") == "http://10.0.0.1/#code=12345678"


def test_names_stand_on_slips_only_where_the_policy_shows_them_from_the_start() -> None:
    codes = {Alias("E2"): "1234 5678", Alias("R1"): "2345 6789"}

    shown, never, later = (
        slips_of(room, codes) for room in (replaced_members().room, returned_sheets().room, World().room)
    )

    assert [slip.person for slip in shown] == ["姓名·E2·", "姓名·R1·"]
    assert [slip.person for slip in (*never, *later)] == [""] * 4
    assert (shown[1].role, never[1].role) == ("招标人代表", "采购人代表")


def test_only_seats_with_a_code_get_a_slip() -> None:
    [slip] = slips_of(textbook().room, {Alias("W2"): "1111 2222"})

    assert (slip.alias, slip.role, slip.venue, slip.code) == ("W2", "见证人员", "望溪县公共资源交易中心", "1111 2222")


def test_long_names_titles_and_addresses_stay_on_their_page() -> None:
    slip = Slip(
        room="清源县云栖河综合治理工程（含望溪县、松屏县段）施工总承包及附属生态修复项目第二次公开招标",
        venue="松屏县公共资源交易中心第三评标区隔离席位",
        alias=Alias("E120"),
        role="招标人代表",
        person="买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜",
        code="98765432",
    )

    pdf = printed(slip, address="https://remote-evaluation.public-resources.example.gov:18443")

    assert page_count(pdf) == 1
    assert slip.person in text_of(pdf)


def test_without_an_empty_seat_there_is_nothing_to_print() -> None:
    with pytest.raises(NoEmptySeats, match="nothing to print"):
        printed()
