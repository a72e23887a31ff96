import pytest

from server.web.protocol.typescript import typescript

FOUND = typescript()


@pytest.mark.parametrize(
    "declaration",
    [
        # an id, an enum, a struct with documentation
        "/** One person in one room, such as `E3` or `W1`; never given again. */\nexport type Alias = string;\n",
        "  /** 推选组长. */\n  'chair_election',\n",
        "/** A member's vote for the chair. */\nexport interface CastBallot {\n  readonly type: 'cast_ballot';\n"
        "  readonly round: number;\n  readonly candidate: Alias;\n}\n",
        # bytes: base64 in JSON, raw in frames
        "  readonly spki: Base64;\n",
        "export type PlacedHash = readonly [seq: Seq, hash: Uint8Array];\n",
        "  readonly proof: Uint8Array | null;\n",
        # absent, nothing, maps, arrays
        "  readonly cause?: Digest;\n",
        "  readonly revealed_at: Seq | null;\n",
        "  readonly stages: Readonly<Partial<Record<Stage, StageState>>>;\n",
        "  readonly verdicts: Readonly<Record<BidAlias, Readonly<Record<CheckId, Verdict>>>>;\n",
        "  readonly children: readonly (Group | MemberCriterion | GivenCriterion | PriceCriterion)[];\n",
        # tables
        "    cast_ballot: ['expert', 'representative'],\n",
        "  closed: {},\n",
        "export const PROTOCOL = 'lianping-sync-1';\n",
        # the signal socket
        "export const SIGNAL_PROTOCOL = 'lianping-signal-1';\n",
        "export type AnySignalFromSeat =\n  | JoinMedia\n  | JoinProbe\n  | TryWay\n"
        "  | MediaAnswer\n  | RestartMedia\n  | ViewTiles\n  | ShowSeat\n  | HearRoom\n  | LowerHand;\n",
    ],
)
def test_typescript_declares(declaration: str) -> None:
    assert declaration in FOUND
