import pytest

from signaling.bandwidth import PROBE_CAUTION, START_BPS
from signaling.downlink import PROBE_EVERY_S, PROBE_OCTETS, Downlink, take_urgency
from signaling.rtp import BadPacket
from signaling.transport_feedback import TICK_S, write

OCTETS = 1000
MUCH = 100_000_000.0


def stamp(downlink: Downlink, count: int, now: float, spacing_s: float = 0.005) -> None:
    for number in range(count):
        downlink.sent.note(OCTETS, now + number * spacing_s)


def tell(downlink: Downlink, base: int, *arrivals: float | None, now: float) -> None:
    ticks = [None if at is None else round(at / TICK_S) for at in arrivals]
    downlink.take(write(base & 0xFFFF, 0, ticks))
    downlink.heard(now)


def told_of_one(downlink: Downlink, now: float = 0.0) -> None:
    stamp(downlink, 1, now)
    tell(downlink, downlink.sent.number, now + 50.0, now=now)


def test_seat_that_tells_nothing_has_no_budget() -> None:
    downlink = Downlink()
    before = downlink.budget_bps
    told_of_one(downlink)

    assert (before, downlink.budget_bps) == (None, START_BPS)


class Probing:
    """A way that is probed with packets of `OCTETS`."""

    def __init__(self) -> None:
        self.downlink = Downlink()
        told_of_one(self.downlink)
        self.padded: list[int] = []

    def probe(self, now: float, wanted_bps: float = MUCH) -> int:
        """Gives how many packets were sent."""
        before = self.downlink.sent.number

        def pad(octets: int) -> int:
            self.padded.append(octets)
            stamp(self.downlink, -(-octets // OCTETS), now, 0.0)
            return octets

        self.downlink.probe(wanted_bps, pad, now)
        return self.downlink.sent.number - before

    def arrive(self, count: int, spread_s: float, now: float, *, lost: int = 0) -> None:
        arrivals = [50.0 + now + n * spread_s / (count - 1) for n in range(count)]
        told = [None if n < lost else arrival for n, arrival in enumerate(arrivals)]
        tell(self.downlink, self.downlink.sent.number - count + 1, *told, now=now)


def test_train_that_arrives_fast_lifts_the_estimate_to_its_rate() -> None:
    probing = Probing()

    count = probing.probe(1.0)
    probing.arrive(count, 0.001, 1.1)

    assert probing.padded == [min(PROBE_OCTETS[1], int(2 * START_BPS / 8 * 0.03))]
    assert probing.downlink.bandwidth.estimate_bps == 2 * START_BPS * PROBE_CAUTION


def test_next_train_is_judged_by_itself() -> None:
    probing = Probing()
    for now in (1.0, 3.0, 5.0):
        probing.arrive(probing.probe(now), 0.001, now + 0.1)

    assert probing.downlink.bandwidth.estimate_bps > 6 * START_BPS * PROBE_CAUTION


def test_train_spread_out_by_a_slow_path_shows_its_rate() -> None:
    probing = Probing()

    count = probing.probe(1.0)
    probing.arrive(count, 8 * OCTETS * (count - 1) / 12_000_000, 1.1)

    assert probing.downlink.bandwidth.estimate_bps == pytest.approx(12_000_000 * PROBE_CAUTION, rel=0.01)


def test_next_train_follows_soon_after_a_success_and_late_after_failures() -> None:
    probing = Probing()
    probing.arrive(probing.probe(1.0), 0.001, 1.1)
    soon = probing.probe(1.1 + PROBE_EVERY_S[0] / 3)
    probing.arrive(soon, 1.0, 2.2)
    too_soon = probing.probe(2.2 + PROBE_EVERY_S[0] / 2)
    later = probing.probe(2.2 + PROBE_EVERY_S[0])

    assert (soon > 0, too_soon, later > 0) == (True, 0, True)


def test_train_of_which_much_is_lost_shows_nothing() -> None:
    probing = Probing()
    count = probing.probe(1.0)
    probing.arrive(count, 0.001, 1.1, lost=count // 2)

    assert probing.downlink.bandwidth.estimate_bps <= START_BPS
    assert probing.probe(1.2) == 0


def test_no_train_is_wasted_right_after_a_fall() -> None:
    probing = Probing()

    probing.downlink.bandwidth._fall(START_BPS / 2, 1.0)

    assert (probing.probe(1.4), probing.probe(1.6) > 0) == (0, True)


def test_train_nobody_tells_of_ends() -> None:
    probing = Probing()
    probing.probe(1.0)

    assert (probing.probe(2.0), probing.probe(4.0), probing.probe(7.5) > 0) == (0, 0, True)


def test_nothing_is_probed_where_nothing_more_is_wanted_or_told() -> None:
    silent = Probing()
    silent.downlink.is_told = False

    assert (Probing().probe(1.0, wanted_bps=START_BPS), silent.probe(1.0)) == (0, 0)


def test_messages_between_two_looks_are_judged_together() -> None:
    downlink = Downlink()
    stamp(downlink, 6, 0.0)
    for base, told in ((1, [4000, None]), (3, [4004]), (4, [None, 4008])):
        assert downlink.take(write(base, 0, told)) == len(told)
    before = downlink.bandwidth.loss
    downlink.heard(0.1)
    downlink.heard(0.2)

    assert (before, downlink.bandwidth.loss) == (0.0, 2 / 5)


def test_broken_message_is_refused_and_tells_nothing() -> None:
    downlink = Downlink()
    stamp(downlink, 3, 0.0)
    with pytest.raises(BadPacket):
        downlink.take(write(1, 0, [4000, 4001, 4400])[:10])
    downlink.heard(0.1)

    assert not downlink.is_told


def test_full_way_is_not_probed() -> None:
    probing = Probing()
    stamp(probing.downlink, 4, 0.5)
    tell(probing.downlink, 2, None, None, None, 51.0, now=0.6)

    assert probing.probe(1.0) == 0


def test_too_little_padding_is_no_train() -> None:
    downlink = Downlink()
    told_of_one(downlink)
    downlink.probe(MUCH, lambda octets: 0, 1.0)
    asked: list[int] = []
    downlink.probe(MUCH, lambda octets: asked.append(octets) or 0, 1.0)  # type: ignore[func-returns-value]  # append

    assert len(asked) == 1


def test_urgency_is_told_once() -> None:
    take_urgency()
    downlink = Downlink()
    stamp(downlink, 2, 1.0)
    told: list[bool] = []
    for ticks in ([4000, None], [4000, 4001]):
        downlink.take(write(1, 0, ticks))
        told += take_urgency(), take_urgency()

    assert told == [True, False, False, False]
