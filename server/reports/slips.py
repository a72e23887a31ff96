"""Entry slips (入场单): one A4 page a seat, with its code in large digits and as a QR code, and three steps."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

import segno
from msgspec import Struct

from server.domain.errors import LianpingError
from server.domain.ids import Alias, Millis
from server.domain.plan import MemberNames, Regime
from server.domain.roles import Role
from server.domain.state import RoomState
from server.reports.times import local_time
from server.reports.typesetting import typeset

ROLES: Final[dict[Role, str]] = {
    Role.EXPERT: "评标专家",
    Role.REPRESENTATIVE: "招标人代表",
    Role.CHAIR: "组长",
    Role.HOST_OPERATOR: "主场管理员",
    Role.VENUE_OPERATOR: "副场管理员",
    Role.AGENT: "招标代理",
    Role.WITNESS: "见证人员",
    Role.SUPERVISOR: "行政监督",
    Role.AUDITOR: "审计",
}
"As the seats' pages call them."

STEPS: Final = (
    "打开席位电脑，在浏览器中输入网址，或扫描二维码",
    "输入八位入场码（扫码进入的已自动填好），点击进入",
    "核对席位与身份，在座位上等待工作人员确认",
)


class NoEmptySeats(LianpingError):
    """Every seat of the room is held by a device, so there is nothing to hand out."""

    def __init__(self) -> None:
        super().__init__("没有空席位，无需打印入场单。 No seat is without a device: there is nothing to print.")


class Slip(Struct, frozen=True, kw_only=True):
    """What one person is handed."""

    room: str
    "The room's title."
    venue: str
    alias: Alias
    role: str
    "In words."
    person: str
    "Empty where names do not stand in print."
    code: str
    "Eight digits."


class _Page(Struct, frozen=True, kw_only=True):
    slip: Slip
    first: str
    "The code's first four digits."
    last: str
    qr: str
    "SVG."


class _Pages(Struct, frozen=True, kw_only=True):
    address: str
    expires: str
    steps: tuple[str, ...]
    pages: tuple[_Page, ...]


def slips_of(room: RoomState, codes: Mapping[Alias, str]) -> tuple[Slip, ...]:
    """The slips of the seats that have a code; with names only where the policy shows them from the start."""
    if room.opening is None:
        raise TypeError("a room is opened by its first event")
    opening = room.opening
    roles = ROLES | ({Role.REPRESENTATIVE: "采购人代表"} if opening.regime is Regime.GOVERNMENT_PROCUREMENT else {})
    named = opening.policy.member_names is MemberNames.OPEN
    return tuple(
        Slip(
            room=opening.title,
            venue=opening.venues[room.seats[alias].venue].name,
            alias=alias,
            role=roles[room.seats[alias].role],
            person=room.people[alias].name if named else "",
            code=code,
        )
        for alias, code in codes.items()
    )


def render_slips(slips: Sequence[Slip], *, address: str, expires: Millis, zone: str, at: Millis) -> bytes:
    """The slips as a PDF, in their order.

    Args:
        slips: at least one.
        address: of the server as seats reach it, such as `https://host.example:8443`.
        expires: until when the codes are good.
        zone: the room's time zone.
        at: now.

    Raises:
        NoEmptySeats: there is no slip.
        FontsMissing: `make setup` has not been run.
    """
    if not slips:
        raise NoEmptySeats
    pages = _Pages(
        address=address,
        expires=local_time(expires, zone),
        steps=STEPS,
        pages=tuple(_page(slip, address) for slip in slips),
    )
    return typeset("slips.typ", pages, at).pdf


def entry_url(address: str, code: str) -> str:
    """Where a scanned slip leads; the fragment never reaches a server's log. The client's `handedCode.ts` reads it."""
    return f"{address}/#code={_digits(code)}"


def _page(slip: Slip, address: str) -> _Page:
    digits = _digits(slip.code)
    picture = BytesIO()
    segno.make(entry_url(address, slip.code), error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False)
    return _Page(slip=slip, first=digits[:4], last=digits[4:], qr=picture.getvalue().decode())


def _digits(code: str) -> str:
    return "".join(char for char in code if char.isdigit())
