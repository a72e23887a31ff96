"""Law 8 for annexes: who names another person, or none, or changes the page, is found."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import Alias, LotId, Millis
from server.domain.moment import Moment, Received
from server.domain.plan import MemberNames, Person
from server.evidence.verdict import Outcome
from server.verify_desk import verify_package
from tests.evidence.reported_room import (
    PaperWorld,
    ReportedRoom,
    document_certificate,
    end_under_aliases,
    plain_end,
    plainly_reported,
    reported,
    reported_under_aliases,
)
from tests.evidence.signed_room import found, with_files
from tests.support import tampered_pdf
from tests.support.room_world import START

AT = Millis(START + 3_600_000)
PACKAGE, FILES = reported_under_aliases().package(), reported_under_aliases().files()
ANNEX = "reports/L2-v2-annex-E3.pdf"
E2 = Alias("E2")


def places(package: bytes) -> dict[str, list[str]]:
    """Where something was found; what is found makes the package broken."""
    verdict = verify_package(package, at=AT)
    assert verdict.outcome is Outcome.BROKEN
    return found(verdict)


def test_package_with_annexes_is_sound_and_tells_names_only_in_them() -> None:
    verdict = verify_package(PACKAGE, at=AT)

    assert (verdict.outcome, found(verdict)) == (Outcome.SOUND, {})
    assert [name for name in FILES if "annex" in name] == [
        "reports/L2-v1-annex-E2.pdf",
        *(f"reports/L2-v2-annex-{member}.pdf" for member in ("E3", "E1", "E2")),
    ]


def test_package_without_an_annex_is_incomplete() -> None:
    verdict = verify_package(with_files(PACKAGE, {ANNEX: None}), at=AT)

    assert (verdict.outcome, found(verdict)) == (Outcome.INCOMPLETE, {"reports_present": [ANNEX]})


def test_any_changed_byte_of_an_annex_is_found() -> None:
    chance, data = Random(82), FILES[ANNEX]

    for at in chance.sample(range(len(data)), 8):
        changed = data[:at] + bytes([data[at] ^ chance.randint(1, 255)]) + data[at + 1 :]
        assert set(places(with_files(PACKAGE, {ANNEX: changed}))["report_files"]) == {ANNEX}


# -- a host who holds all keys of the server


def forging(change: Callable[[bytes], bytes], place: int) -> Callable[[ReportedRoom], None]:
    """The host changes a file of E2's annex before a line names it: 1 is what was certified, -1 the sealed one."""

    def forged(command: c.AnyCommand, files: tuple[bytes, ...]) -> tuple[bytes, ...]:
        if not isinstance(command, c.SignAnnex):
            return files
        changed = list(files)
        changed[place] = change(changed[place])
        return tuple(changed)

    def step(room: ReportedRoom) -> None:
        room.world.forge = forged

    return step


@pytest.mark.parametrize("change", [tampered_pdf.draw_over, tampered_pdf.add_note, lambda pdf: FILES[ANNEX]])
def test_annex_that_is_changed_after_the_signature_is_found(change: Callable[[bytes], bytes]) -> None:
    wheres = places(reported(forging(change, -1), end_under_aliases, names=MemberNames.NEVER).package())

    assert wheres.keys() & {"report_files", "report_data", "report_signatures", "report_commands"}
    assert {where.split()[0].rpartition("-")[0] for each in wheres.values() for where in each} <= {
        "reports/L2-v1-annex",
        "reports/L2-v2-annex",
    }


class RenamingWorld(PaperWorld):
    """The host shows E2 an annex with another name, and the member signs it unread."""

    def annex(self, alias: Alias, lot: LotId) -> bytes:
        known = self.room
        other = Person(name="冒名者", organisation="别处", title="无")
        self.room = replace(known, people={**known.people, E2: other})
        try:
            return super().annex(alias, lot)
        finally:
            self.room = known


def test_annex_that_names_somebody_else_is_found_though_the_member_signed_it() -> None:
    wheres = places(reported(plain_end, names=MemberNames.NEVER, world=RenamingWorld).package())

    assert set(wheres) == {"report_data", "report_pages"}
    assert {where for each in wheres.values() for where in each} == {"reports/L2-v1-annex-E2.pdf"}


class MisnamingWorld(PaperWorld):
    """The venue certifies E2 under these names, for the report and for the annex."""

    names: tuple[str, str | None]

    def moment(self, received: Received, *rest: Any) -> Moment:
        moment = super().moment(received, *rest)
        if not isinstance(received.command, c.EnrolDocumentKey) or received.envelope.by != E2:
            return moment
        certify = partial(document_certificate, self.room, E2, received.command.spki, self.soon())
        of_report, of_annex = self.names
        named = certify(name=of_annex) if of_annex else None
        return replace(moment, certificate=certify(name=of_report), named_certificate=named)


class OtherName(MisnamingWorld):
    names = ("E2", "冒名者")


class NameInReport(MisnamingWorld):
    names = ("姓名·E2·", "姓名·E2·")


@pytest.mark.parametrize("world", [OtherName, NameInReport])
def test_certificate_with_the_wrong_name_is_found(world: type[PaperWorld]) -> None:
    wheres = places(reported(plain_end, names=MemberNames.NEVER, world=world).package())

    assert set(wheres) == {"seat_certificates"}


class NoName(MisnamingWorld):
    names = ("E2", None)


def test_member_without_a_named_certificate_is_found() -> None:
    def end(room: ReportedRoom) -> None:
        room.certify(E2)
        room.close()

    assert set(places(reported(end, names=MemberNames.NEVER, world=NoName).package())) == {"seat_certificates"}


def test_named_certificate_beside_a_named_report_is_found() -> None:
    assert verify_package(plainly_reported().package(), at=AT).outcome is Outcome.SOUND
    assert set(places(reported(plain_end, world=NameInReport).package())) == {"seat_certificates"}
