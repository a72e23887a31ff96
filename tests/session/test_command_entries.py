from cryptography import x509

from server.domain.events import SeatEnrolled
from tests.support.desk import Desk
from tests.support.live_server import E1


async def test_certificate_is_good_from_the_time_of_its_line_on(desk: Desk) -> None:
    """However long the server takes to issue it: the verifier judges it for that time."""
    await desk.play(lambda room: room.seats[E1].confirmed)

    lines = [stored.line for stored in (await desk.session()).record.stored]
    assert any(isinstance(line.event, SeatEnrolled) for line in lines)
    for line, event in ((line, line.event) for line in lines):
        if isinstance(event, SeatEnrolled):
            begins = x509.load_der_x509_certificate(event.certificate).not_valid_before_utc
            assert begins.timestamp() == line.head.at // 1000
