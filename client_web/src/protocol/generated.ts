/**
 * The protocol's types and tables, as the page uses them.
 *
 * Written by `python -m server.web.protocol` from the server's own types; never edited by hand.
 */

/** Bytes in standard base64 with padding, as JSON carries them. */
export type Base64 = string;

/** A decimal number as text, such as `13.50`. */
export type DecimalText = string;

/** What every command says beside its own fields. */
export interface Envelope {
  readonly room: RoomRef;
  readonly by: Alias;
  /** Rises with every command of a key; key and `n` are the command's id. */
  readonly n: number;
  /** The tree as the page computed it. */
  readonly seen: SeenTree;
  /** 16 random bytes, so that neither hash nor signature can be tried against guesses. */
  readonly nonce: Base64;
}

/** A room, named so that no other can be meant. */
export interface RoomRef {
  readonly id: RoomId;
  /** Leaf hash of the room's first event. */
  readonly first: Digest;
}

/** One sitting of one committee. */
export type RoomId = string;

/** A SHA-256 in 64 lower-case hexadecimal digits. */
export type Digest = string;

/** One person in one room, such as `E3` or `W1`; never given again. */
export type Alias = string;

/** The Merkle tree over the first `size` lines, as the page computed it. */
export interface SeenTree {
  readonly size: number;
  readonly root: Digest;
}

/** Bind this device's command key to the alias; signed with that key. */
export interface EnrolSeat {
  readonly type: 'enrol_seat';
  /** Public command key, DER SubjectPublicKeyInfo on P-256. */
  readonly spki: Base64;
}

/** A venue's operator has seen the person at the seat and vouches for the key. */
export interface ConfirmSeat {
  readonly type: 'confirm_seat';
  readonly seat: Alias;
  readonly key: Digest;
}

/** A venue's operator moves a person to another device: the old key is revoked. */
export interface ReleaseSeat {
  readonly type: 'release_seat';
  readonly seat: Alias;
  readonly reason: string;
}

/** Begin the check-in (签到). */
export interface OpenCheckIn {
  readonly type: 'open_check_in';
}

/** A member says whether there is a ground for recusal (回避). Source: 12号令, Art. 12. */
export interface StateRecusal {
  readonly type: 'state_recusal';
  readonly conflict: boolean;
  /** Empty without a conflict. */
  readonly grounds: string;
}

/** A member accepts the room's pledge of discipline and secrecy (承诺书). */
export interface MakePledge {
  readonly type: 'make_pledge';
}

/** Put a substitute in a member's place; the member's conclusions are void. Source: 实施条例, Art. 48. */
export interface ReplaceMember {
  readonly type: 'replace_member';
  readonly member: Alias;
  readonly reason: string;
  readonly successor: Alias;
  readonly person: Person;
}

/** Who sits at a seat. */
export interface Person {
  readonly name: string;
  readonly organisation: string;
  readonly title: string;
}

/** Begin the election of the chair (推选组长). */
export interface OpenElection {
  readonly type: 'open_election';
}

/** A member's vote for the chair. */
export interface CastBallot {
  readonly type: 'cast_ballot';
  readonly round: number;
  readonly candidate: Alias;
}

/** A member's whole sheet of the preliminary examination. */
export interface HandInExamination {
  readonly type: 'hand_in_examination';
  readonly lot: LotId;
  readonly round: number;
  readonly verdicts: Readonly<Record<BidAlias, Readonly<Record<CheckId, Verdict>>>>;
}

/** 标段 (tendering law) or 包 (government procurement). */
export type LotId = string;

/** The code under which the committee sees a bid, such as `A`. */
export type BidAlias = string;

/** One item of the preliminary examination. */
export type CheckId = string;

/** A member's finding on one check of one bid. */
export interface Verdict {
  readonly passed: boolean;
  /** Empty when passed. */
  readonly reason: string;
}

/** The chair minutes the reasons of the majority's rejections and closes the examination. */
export interface ConcludeExamination {
  readonly type: 'conclude_examination';
  readonly lot: LotId;
  /** A reason for every bid that the majority rejects, and for no other. */
  readonly minutes: Readonly<Record<BidAlias, string>>;
  /** Why fewer than three remaining bids still compete; empty otherwise. Source: 12号令, Art. 27. */
  readonly competition: string;
}

/** A member's whole score sheet. */
export interface HandInScores {
  readonly type: 'hand_in_scores';
  readonly lot: LotId;
  readonly round: number;
  /** Points as decimal strings with at most two places. */
  readonly points: Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>;
}

/** One item that a member scores. */
export type CriterionId = string;

/** The chair gives a revealed sheet back (退回重评); the next round opens for it. */
export interface ReturnSheet {
  readonly type: 'return_sheet';
  readonly lot: LotId;
  readonly stage: Stage;
  readonly member: Alias;
  readonly reason: string;
}

/** What members fill in alone and reveal together. */
export const STAGE_VALUES = [
  'election',
  'examination',
  'scoring',
] as const;
/** What members fill in alone and reveal together. */
export type Stage = (typeof STAGE_VALUES)[number];

/** The chair opens the prices; they are scored and the bids ranked. */
export interface ScorePrices {
  readonly type: 'score_prices';
  readonly lot: LotId;
}

/** The chair locks the ranking (汇总锁定). */
export interface LockResult {
  readonly type: 'lock_result';
  readonly lot: LotId;
}

/** Ask for a certificate of this device's document key; signed, as every command, with the command key. */
export interface EnrolDocumentKey {
  readonly type: 'enrol_document_key';
  /** Public document key, DER SubjectPublicKeyInfo on P-256. */
  readonly spki: Base64;
}

/** The chair fixes a lot's evaluation report (评标报告); issued again, it voids all signatures. */
export interface IssueReport {
  readonly type: 'issue_report';
  readonly lot: LotId;
  /** 签订合同前要处理的事宜; empty for none. Source: 12号令, Art. 42 (9). */
  readonly matters: string;
  /** 澄清、说明、补正事项纪要; empty for none. Source: 12号令, Art. 42 (10). */
  readonly clarifications: string;
}

/** A member signs the report, with the revision that was made for this signature. */
export interface SignReport {
  readonly type: 'sign_report';
  readonly lot: LotId;
  readonly version: number;
  /** SHA-256 of the revision before, the one that the member was shown. */
  readonly base: Digest;
  /** SHA-256 over the byte range that the signature covers, as the page computed it. */
  readonly document: Digest;
  /** Of the document key over the DER signed attributes: P-256 with SHA-256, r and s of 32 bytes each. */
  readonly signature: Base64;
  /** 保留的不同意见; empty for none. */
  readonly dissent: string;
}

/** A member who has signed the report under the alias signs the annex that names the person behind it. */
export interface SignAnnex {
  readonly type: 'sign_annex';
  readonly lot: LotId;
  /** Of the report. */
  readonly version: number;
  /** SHA-256 of the annex as the member was shown it. */
  readonly base: Digest;
  /** SHA-256 over the byte range that the signature covers, as the page computed it. */
  readonly document: Digest;
  /** Of the document key, as in `SignReport`. */
  readonly signature: Base64;
}

/** A member does not sign. Without a written dissent this counts as agreeing. Source: 12号令, Art. 43. */
export interface RefuseReport {
  readonly type: 'refuse_report';
  readonly lot: LotId;
  readonly version: number;
  /** Dissent and its grounds; empty where the member states none. */
  readonly dissent: string;
}

/** The chair minutes that a member neither signed nor stated a dissent: deemed agreed. Source: 12号令, Art. 43. */
export interface MinuteRefusal {
  readonly type: 'minute_refusal';
  readonly lot: LotId;
  readonly version: number;
  readonly member: Alias;
  readonly minute: string;
}

/** The chair closes the signing: the main venue's seal, and a timestamp over all. */
export interface SealReport {
  readonly type: 'seal_report';
  readonly lot: LotId;
  readonly version: number;
}

/** 呼叫工作人员: it rings at the operator's of the own venue. */
export interface CallStaff {
  readonly type: 'call_staff';
  readonly need: StaffNeed;
}

/** What a person calls the staff for; no free text, which could carry a message past the rules. */
export const STAFF_NEED_VALUES = [
  /** 设备故障. */
  'device',
  /** 网络、音视频问题. */
  'network',
  /** 身体不适. */
  'unwell',
  /** 其他. */
  'other',
] as const;
/** What a person calls the staff for; no free text, which could carry a message past the rules. */
export type StaffNeed = (typeof STAFF_NEED_VALUES)[number];

/** A venue's operator is on the way to the seat that called. */
export interface AnswerCall {
  readonly type: 'answer_call';
  readonly seat: Alias;
}

/** 评委会文字交流: a member writes to the committee. */
export interface SendMessage {
  readonly type: 'send_message';
  readonly text: string;
}

/** 申请与代理机构通话: a member, or the agent, asks for a talk that a witness listens to. */
export interface AskForTalk {
  readonly type: 'ask_for_talk';
  readonly agent: Alias;
  /** None for the whole committee: the chair or the agent asks for that. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
}

/**
 * What a talk is about; no free text, which would reach the other side past the witness's ears.
 *
 * The project's background is none of them: it is explained in writing only. Source: 87号令, Art. 45.
 */
export const TALK_TOPIC_VALUES = [
  /** 评审程序、评标纪律. */
  'procedure',
  /** 评审资料、系统使用. */
  'documents',
  /** 澄清、说明、补正的办理. */
  'clarification',
  /** 评标报告的办理. */
  'report',
  /** 其他事务. */
  'other',
] as const;
/**
 * What a talk is about; no free text, which would reach the other side past the witness's ears.
 *
 * The project's background is none of them: it is explained in writing only. Source: 87号令, Art. 45.
 */
export type TalkTopic = (typeof TALK_TOPIC_VALUES)[number];

/** 开始旁听: a witness listens from now on, and the talk that was asked for begins. */
export interface OpenTalk {
  readonly type: 'open_talk';
  readonly asker: Alias;
}

/** 结束通话: a side, a witness or the main venue's operator ends a talk, or declines it before it begins. */
export interface EndTalk {
  readonly type: 'end_talk';
  /** Who had asked for it. */
  readonly asker: Alias;
}

/** 入场前检测: what the page of a seat has found out about its computer and its network. */
export interface ReportPrecheck {
  readonly type: 'report_precheck';
  readonly marks: Readonly<Partial<Record<PrecheckPart, PrecheckMark>>>;
  /** How far the seat's clock is ahead of the server's; none if it was not found out. */
  readonly clock_offset_ms: number | null;
  readonly line: MeasuredLine | null;
}

/** What is looked at before a seat is taken: its computer, then its ways to the server. */
export const PRECHECK_PART_VALUES = [
  'browser',
  'https',
  'clock',
  /** The WebSockets that the room comes over. */
  'socket',
  'camera',
  'microphone',
  'loudspeaker',
  /** The straight way of sound and pictures. */
  'udp',
  /** The way around, where no UDP comes through (TURN). */
  'relay',
  /** Bandwidth and loss, with the seat's own picture. */
  'line',
] as const;
/** What is looked at before a seat is taken: its computer, then its ways to the server. */
export type PrecheckPart = (typeof PRECHECK_PART_VALUES)[number];

/** How a part was found; one that was not tried has none. */
export const PRECHECK_MARK_VALUES = [
  'passed',
  'warned',
  'failed',
] as const;
/** How a part was found; one that was not tried has none. */
export type PrecheckMark = (typeof PRECHECK_MARK_VALUES)[number];

/** What came back of the seat's own sound and picture. */
export interface MeasuredLine {
  readonly kbit_s: number;
  readonly lost_permille: number;
  readonly round_trip_ms: number;
}

/** An operator puts up a camera that shows a venue's room (场地摄像机), not a person's seat. */
export interface AddRoomCamera {
  readonly type: 'add_room_camera';
  readonly venue: VenueId;
  /** What it shows, such as 场地全景. */
  readonly label: string;
}

/** A county's evaluation site: the main venue (主场) or a sub-venue (副场). */
export type VenueId = string;

/** An operator takes a room camera away; its alias is never given again. */
export interface RemoveRoomCamera {
  readonly type: 'remove_room_camera';
  readonly camera: Alias;
}

/** A supervisor lets a wall of a supervision hall (监督大屏) show what the own seat may see and hear, by WHEP. */
export interface GiveWallPass {
  readonly type: 'give_wall_pass';
  /** Where the wall is, such as 市公共资源交易中心监督大厅. */
  readonly place: string;
  /**
   * Of the token that opens it: 32 random bytes in base64url, drawn by the page and hashed as text. The token itself
   * never reaches the record.
   */
  readonly sha256: Base64;
}

/** A supervisor of the room ends a pass: nothing more is shown under it. */
export interface WithdrawWallPass {
  readonly type: 'withdraw_wall_pass';
  readonly wall: WallId;
}

/** A pass for a supervisor's wall, such as `P1`; never given again. */
export type WallId = string;

/** Do not wait for the recording of a member's camera or microphone in this room (免除录制要求). */
export interface WaiveRecording {
  readonly type: 'waive_recording';
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly reason: string;
}

/** What of a seat is meant. */
export const MEDIA_TRACK_VALUES = [
  /** 麦克风, as it is. */
  'audio',
  /** 摄像头, as it is. */
  'video',
  /** 屏幕共享: for those whom the media policy names, while the seat shows it. */
  'screen',
  /** 桌面录制: the whole screen of a member, for the recording alone. */
  'desktop',
  /** 变声. */
  'masked_audio',
  /** 遮挡. */
  'masked_video',
] as const;
/** What of a seat is meant. */
export type MediaTrack = (typeof MEDIA_TRACK_VALUES)[number];

/** Lock the room for the time of a fault or an interruption (暂停). */
export interface PauseRoom {
  readonly type: 'pause_room';
  readonly reason: string;
}

/** End a pause. */
export interface ResumeRoom {
  readonly type: 'resume_room';
}

/** End the room for good; nothing is added to its record afterwards. */
export interface CloseRoom {
  readonly type: 'close_room';
  readonly reason: string;
}

/** The envelope of an event. */
export interface LineHead {
  readonly seq: Seq;
  readonly at: Millis;
  readonly by: Alias;
  readonly salt: Base64;
  /** SHA-256 of the signed command; none when no person caused the event. */
  readonly cause?: Digest;
  /** The command itself, in the one event of the command with the narrowest audience. */
  readonly signed?: SignedCommand;
}

/** Leaf index of a line in its room's tree, from 0. */
export type Seq = number;

/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number;

/** What a seat sent, as it was received. */
export interface SignedCommand {
  /** RFC 8785 text of the command. */
  readonly text: string;
  /** Fingerprint of the command key: SHA-256 of its SPKI in DER. */
  readonly key: Digest;
  /** P-256 with SHA-256 over `lianping-command-v1\n` and the text; r and s, 32 bytes each. */
  readonly signature: Base64;
}

/** The first event: everything by which the rest is judged. */
export interface RoomOpened {
  readonly type: 'room_opened';
  readonly rules: number;
  readonly room: RoomId;
  readonly title: string;
  readonly regime: Regime;
  readonly policy: Policy;
  readonly venues: Readonly<Record<VenueId, Venue>>;
  readonly lots: Readonly<Record<LotId, LotPlan>>;
  /** The text that members accept at the check-in. */
  readonly pledge: string;
  /** C2SP vkey of the key that signs the room's checkpoints. */
  readonly log_key: string;
  /** C2SP vkeys of the venues' witnesses. */
  readonly witnesses: readonly string[];
  /** How many of them must cosign a checkpoint before it counts as witnessed. */
  readonly quorum: number;
  /** SHA-256 over the client build that the server serves; none when it serves none. */
  readonly client: Digest | null;
  /** For display only. */
  readonly time_zone: string;
  readonly continues: Continues | null;
}

/** The law that the proceeding follows; it decides which formulas are allowed. Source: `domain.md` 0, item 1. */
export const REGIME_VALUES = [
  'tendering_law',
  'government_procurement',
  'enterprise',
] as const;
/** The law that the proceeding follows; it decides which formulas are allowed. Source: `domain.md` 0, item 1. */
export type Regime = (typeof REGIME_VALUES)[number];

/** The choices a procuring entity makes once, before the room opens. */
export interface Policy {
  readonly member_names: MemberNames;
  /** How long the record is kept. Source: 政府采购法, Art. 42: at least 15. */
  readonly retention_years: number;
  /** Rooms from before there was a choice record nothing. Source: 87号令, Art. 39: 全程录音录像. */
  readonly recording?: Recording;
  /** Members, agent and operators see a member's picture as a mosaic only. Source: `domain.md` 0, item 5 (Hebei 2025). */
  readonly cover_faces?: boolean;
  /** They hear a member's voice changed only. */
  readonly change_voices?: boolean;
  /**
   * The whole screen of every member is recorded, and nobody sees it while it comes; where recordings are required, a
   * member whose desktop is not recorded cannot hand in a sheet. Source: `domain.md` 0, item 9 (Guangxi, Jinan).
   */
  readonly record_desktops?: boolean;
}

/** When members' names open to the room. Source: `domain.md` 2.3. */
export const MEMBER_NAMES_VALUES = [
  'never',
  'at_signing',
  'open',
] as const;
/** When members' names open to the room. Source: `domain.md` 2.3. */
export type MemberNames = (typeof MEMBER_NAMES_VALUES)[number];

/** Whether sound and pictures of the proceeding are kept. */
export const RECORDING_VALUES = [
  'off',
  /** Every camera and microphone is recorded as far as it is on. */
  'kept',
  /** The same, and a member whose own are not recorded cannot hand in a sheet. */
  'required',
] as const;
/** Whether sound and pictures of the proceeding are kept. */
export type Recording = (typeof RECORDING_VALUES)[number];

/** A site of the proceeding. */
export interface Venue {
  readonly name: string;
  /** 主场 or 副场; exactly one venue is the main one. */
  readonly main: boolean;
  /** DER certificate of the key that certifies the seats of this venue. */
  readonly issuing_certificate: Base64;
}

/** One lot as the tender document describes it. */
export interface LotPlan {
  readonly title: string;
  readonly bids: Readonly<Record<BidAlias, BidPlan>>;
  readonly checks: readonly Check[];
  readonly scheme: Scheme;
}

/** What the committee knows of a bid from the start; who made it and its price are sealed. */
export interface BidPlan {
  readonly title: string;
  /** Points of criteria that are given for the bid, not scored by members; decimal strings. */
  readonly given: Readonly<Record<CriterionId, string>>;
}

/** One item of the preliminary examination, passed or failed. */
export interface Check {
  readonly id: CheckId;
  readonly title: string;
  /** The clause of the tender document that asks for it. */
  readonly basis: string;
}

/** How one lot is scored and ranked. */
export interface Scheme {
  readonly law: ScoringLaw;
  /** The root; without children where only prices decide. */
  readonly criteria: Group;
  readonly price: PriceRule | null;
  /** The first step ranks, each next one only parts those still equal; who is equal to the end shares a rank. */
  readonly ranking: readonly (HigherPoints | LowerPrice | LowerEvaluatedPrice | CloserToBenchmark | DrawnLot)[];
  readonly review: Review;
}

/** Whose rules limit the scheme. */
export const SCORING_LAW_VALUES = [
  /** 招标投标法: the tender document chooses the formula. */
  'tendering',
  /** 政府采购 (87号令), goods. */
  'procurement_goods',
  'procurement_services',
  /** 竞争性磋商, goods. */
  'consultation_goods',
  'consultation_services',
  'enterprise',
] as const;
/** Whose rules limit the scheme. */
export type ScoringLaw = (typeof SCORING_LAW_VALUES)[number];

/** Criteria whose weighted points are added up. */
export interface Group {
  readonly kind: 'group';
  readonly id: CriterionId;
  readonly title: string;
  /** Full marks; equals the sum of the children's full marks times their weights. */
  readonly points: DecimalText;
  readonly children: readonly (Group | MemberCriterion | GivenCriterion | PriceCriterion)[];
  /** A bid with fewer points here is out before any price is opened. */
  readonly gate: DecimalText | null;
  /** Holds for the group and all below it that has none of its own. */
  readonly aggregation: Aggregation | null;
  readonly weight: DecimalText;
  readonly rounding: Rounding | null;
}

/** An item that every member scores (评分项). */
export interface MemberCriterion {
  readonly kind: 'members';
  readonly id: CriterionId;
  readonly title: string;
  readonly max_points: DecimalText;
  readonly min_points: DecimalText;
  /** Points are multiples of it, such as 0.5. */
  readonly unit: DecimalText;
  /** An objective item (客观分): members' points have to be the same. Source: 87号令, Art. 64 (3). */
  readonly objective: boolean;
  /** The points are multiplied by it on their way up. */
  readonly weight: DecimalText;
  /** Rounds the weighted points. */
  readonly rounding: Rounding | null;
}

/** One rounding: to how many decimals, and how. */
export interface Rounding {
  readonly places: number;
  readonly mode: RoundingMode;
}

/** What happens to the part that is cut off; modes look at the magnitude, so -1.415 goes where 1.415 goes. */
export const ROUNDING_MODE_VALUES = [
  /** 四舍五入 */
  'half_up',
  /** 四舍六入五成双. Source: GB/T 8170-2008, 3.2. */
  'half_even',
  /** Cut off: 不足部分不计. */
  'down',
  /** A fraction counts as one more: 不足部分按一计. */
  'up',
] as const;
/** What happens to the part that is cut off; modes look at the magnitude, so -1.415 goes where 1.415 goes. */
export type RoundingMode = (typeof ROUNDING_MODE_VALUES)[number];

/** An item whose points are handed in with the bid, such as a credit score. */
export interface GivenCriterion {
  readonly kind: 'given';
  readonly id: CriterionId;
  readonly title: string;
  readonly max_points: DecimalText;
  readonly min_points: DecimalText;
  readonly unit: DecimalText;
  readonly weight: DecimalText;
  readonly rounding: Rounding | null;
}

/** The item that the scheme's price formula scores; a result outside its range is cut to the range. */
export interface PriceCriterion {
  readonly kind: 'price';
  readonly id: CriterionId;
  readonly title: string;
  readonly max_points: DecimalText;
  readonly min_points: DecimalText;
  readonly weight: DecimalText;
  readonly rounding: Rounding | null;
}

/** How the members' points become one: the arithmetic mean of those that are not left out. */
export interface Aggregation {
  readonly per: Per;
  readonly trim: Trim;
  /**
   * With so many members or more, all scores of the one whose totals of the bids lie widest apart are left out
   * first; equal ones by the distance from the highest to the second lowest total, then by a draw.
   */
  readonly drop_widest_from: number | null;
  readonly rounding: Rounding;
}

/** What the highest and lowest are taken of. */
export const PER_VALUES = [
  /** The members' points for one criterion of one bid. */
  'item',
  /** Each member's sum over the group for one bid; the group then holds members' criteria only. */
  'total',
] as const;
/** What the highest and lowest are taken of. */
export type Per = (typeof PER_VALUES)[number];

/** How many are left out at each end; below the first row nobody is. */
export interface Trim {
  /** By rising `at_least`. */
  readonly rows: readonly (DropCount | DropShare)[];
  readonly equals: Equals;
}

/** A row of the table: so many are dropped at each end. */
export interface DropCount {
  readonly kind: 'count';
  /** The row holds from this many values up to the next row. */
  readonly at_least: number;
  readonly highest: number;
  readonly lowest: number;
}

/** A row of the table: a share of all values is dropped at each end. */
export interface DropShare {
  readonly kind: 'share';
  readonly at_least: number;
  readonly highest_percent: DecimalText;
  readonly lowest_percent: DecimalText;
  /** How the share becomes a whole number of values. */
  readonly mode: RoundingMode;
}

/** What happens where the cut would go through equal values. */
export const EQUALS_VALUES = [
  /** As many as the table says are dropped, and their equals stay. */
  'drop',
  /** All of them stay: 末位报价相同的均保留. */
  'keep',
] as const;
/** What happens where the cut would go through equal values. */
export type Equals = (typeof EQUALS_VALUES)[number];

/** Everything about prices. Ceiling and valid range look at the bid price, all else at the evaluated price. */
export interface PriceRule {
  /** Reference or control price, if the scheme uses one. */
  readonly reference: DecimalText | null;
  /** A bid above it is out (最高投标限价). */
  readonly ceiling: DecimalText | null;
  /** A bid outside, in percent of the reference, is out. */
  readonly valid: PercentRange | null;
  /** Evaluated price = bid price with all of these; the contract stays at the bid price. */
  readonly adjustments: readonly (PerUnit | Amount | PercentCut)[];
  readonly benchmark: Benchmark | null;
  /** None where prices earn no points. */
  readonly formula: Ratio | Deviation | Interpolated | null;
  /** Rounds the points. */
  readonly rounding: Rounding;
}

/** From and to, both included, in percent of something; an absent end is open. */
export interface PercentRange {
  readonly min_percent: DecimalText | null;
  readonly max_percent: DecimalText | null;
}

/** So much for each unit by which a fact differs from what is required, such as months of time. */
export interface PerUnit {
  readonly kind: 'per_unit';
  readonly fact: string;
  readonly required: DecimalText;
  /** Taken off the price for each unit below. */
  readonly below_gain: DecimalText;
  /** Added to the price for each unit above. */
  readonly above_loss: DecimalText;
}

/** A fact that is itself an amount of money, added to the price; negative ones lower it. */
export interface Amount {
  readonly kind: 'amount';
  readonly fact: string;
}

/**
 * A share of the price taken off where a fact reaches a limit, such as the part done by small firms.
 *
 * Source: 财库〔2020〕46号, Art. 9; its percentages: 财库〔2022〕19号.
 */
export interface PercentCut {
  readonly kind: 'percent_cut';
  readonly fact: string;
  readonly at_least: DecimalText;
  readonly percent: DecimalText;
}

/** The benchmark price (评标基准价): (reference x its weight + statistic x the rest) x coefficient, rounded. */
export interface Benchmark {
  readonly statistic: Statistic;
  readonly counted: Counted;
  /** In this order, each on what the one before has kept. */
  readonly filters: readonly (TrimFilter | NeighbourFilter | BandFilter)[];
  /** 0 to 1; at 1 the prices do not count. */
  readonly reference_weight: DecimalText;
  /** One: fixed. Several: one of them is drawn at the opening. */
  readonly coefficients: readonly DecimalText[];
  readonly rounding: Rounding | null;
}

/** What is made of the prices that the filters keep. */
export const STATISTIC_VALUES = [
  'lowest',
  'mean',
] as const;
/** What is made of the prices that the filters keep. */
export type Statistic = (typeof STATISTIC_VALUES)[number];

/** Whose prices go into the benchmark; one that breaks the ceiling or the valid range never does. */
export const COUNTED_VALUES = [
  /** Bids still in the evaluation: the benchmark changes when one falls out later. */
  'remaining',
  /** Bids that were in when prices were first scored: 基准价一经确定不再调整. */
  'first_remaining',
  /** Every opened bid, those that failed a gate too. */
  'opened',
] as const;
/** Whose prices go into the benchmark; one that breaks the ceiling or the valid range never does. */
export type Counted = (typeof COUNTED_VALUES)[number];

/** Leaves out the highest and lowest prices. */
export interface TrimFilter {
  readonly kind: 'trim';
  readonly trim: Trim;
  readonly then: StillScored | FixedPoints | Excluded;
}

/** A bid left out of the benchmark is scored by the formula all the same. */
export interface StillScored {
  readonly kind: 'scored';
}

/** A bid left out of the benchmark gets these points. */
export interface FixedPoints {
  readonly kind: 'fixed';
  readonly points: DecimalText;
}

/** A bid left out of the benchmark is out of the evaluation. */
export interface Excluded {
  readonly kind: 'excluded';
}

/** Leaves out the highest (lowest) price if it lies too far above (below) the next one, in percent of the next. */
export interface NeighbourFilter {
  readonly kind: 'neighbour';
  readonly percent: DecimalText;
  /** Whether a distance of exactly `percent` is too far. */
  readonly inclusive: boolean;
  /** With fewer prices nobody is left out. */
  readonly at_least: number;
  readonly then: StillScored | FixedPoints | Excluded;
}

/** Leaves out prices outside a band, both ends included. */
export interface BandFilter {
  readonly kind: 'band';
  readonly of: Centre;
  readonly range: PercentRange;
  readonly then: StillScored | FixedPoints | Excluded;
}

/** What a band lies around. */
export const CENTRE_VALUES = [
  'reference',
  /** The mean of the prices that the filters before this one have kept. */
  'mean',
] as const;
/** What a band lies around. */
export type Centre = (typeof CENTRE_VALUES)[number];

/** Full points x benchmark / price; with the lowest price as benchmark the 低价优先法 of 87号令, Art. 55. */
export interface Ratio {
  readonly kind: 'ratio';
}

/** Points fall with the deviation from the benchmark, in percent of the benchmark. */
export interface Deviation {
  readonly kind: 'deviation';
  readonly at_benchmark: DecimalText;
  readonly above: Slope;
  readonly below: Slope;
  /** Rounds the percentage before anything is made of it. */
  readonly deviation_rounding: Rounding | null;
  readonly step_percent: DecimalText;
  /** None: fractions of a step count as such. `up`: 不足1%按1%计; `down`: 不足1%不计. */
  readonly whole_steps: RoundingMode | null;
}

/** What one side of the benchmark costs. */
export interface Slope {
  /** Points lost a step; negative where the side earns points. */
  readonly per_step: DecimalText;
  readonly max_loss: DecimalText | null;
}

/** A straight line between the lowest and the highest price that the benchmark is made of. */
export interface Interpolated {
  readonly kind: 'interpolated';
  readonly best_points: DecimalText;
  readonly worst_points: DecimalText;
}

/** More points first, in all (the root's id) or in one group or criterion. */
export interface HigherPoints {
  readonly by: 'points';
  readonly node: CriterionId;
}

/** The lower bid price first. */
export interface LowerPrice {
  readonly by: 'price';
}

/** The lower evaluated price first (经评审的最低投标价法). */
export interface LowerEvaluatedPrice {
  readonly by: 'evaluated_price';
}

/** The evaluated price nearer to the benchmark first. */
export interface CloserToBenchmark {
  readonly by: 'distance';
}

/** The order of a recorded draw. */
export interface DrawnLot {
  readonly by: 'lot';
}

/** What is pointed out to the committee before it confirms; nothing is corrected by it. */
export interface Review {
  /** A member's total for a bid that lies farther than this from the members' mean, in percent of the mean (畸高畸低). */
  readonly far_percent: DecimalText;
  /** Points below this share of a criterion's maximum need a written reason. */
  readonly reason_below_percent: DecimalText | null;
}

/** The earlier room that a re-check or a new committee goes on from. */
export interface Continues {
  readonly room: RoomId;
  /** Its last signed checkpoint, as text. */
  readonly checkpoint: string;
}

/** A seat is kept for one person, known in the room by the alias. */
export interface SeatPlanned {
  readonly type: 'seat_planned';
  readonly alias: Alias;
  readonly role: Role;
  readonly venue: VenueId;
}

/** What a person is in the room. `CHAIR` is never planned: a member becomes it by election. */
export const ROLE_VALUES = [
  /** 评标专家. */
  'expert',
  /** 招标人代表 / 采购人代表: a member of the committee with one vote. */
  'representative',
  /** 评标委员会负责人 / 组长: a member, in addition. */
  'chair',
  /** 主场管理员. */
  'host_operator',
  /** 副场管理员. */
  'venue_operator',
  /** 招标代理. */
  'agent',
  /** 见证人员. */
  'witness',
  /** 行政监督. */
  'supervisor',
  /** 审计. */
  'auditor',
] as const;
/** What a person is in the room. `CHAIR` is never planned: a member becomes it by election. */
export type Role = (typeof ROLE_VALUES)[number];

/** Who the alias is. */
export interface PersonSealed {
  readonly type: 'person_sealed';
  readonly alias: Alias;
  readonly person: Person;
}

/** The bidders' names in alphabetical order, for the recusal statement; which bid is whose stays sealed. */
export interface BiddersListed {
  readonly type: 'bidders_listed';
  readonly names: readonly string[];
}

/** Who made a bid, and its price. */
export interface BidSealed {
  readonly type: 'bid_sealed';
  readonly lot: LotId;
  readonly bid: BidAlias;
  readonly bidder: string;
  /** In the currency of the tender document. */
  readonly offer: Offer;
}

/** A bid's price and the facts that the scheme's adjustments ask for. */
export interface Offer {
  /** Decimal text, above zero, at most six decimals. */
  readonly price: string;
  /** Decimal texts by the fact's name. */
  readonly facts: Readonly<Record<string, string>>;
}

/** A file of a bid that the committee reads. */
export interface BidFileListed {
  readonly type: 'bid_file_listed';
  readonly lot: LotId;
  readonly bid: BidAlias;
  readonly title: string;
  /** A PDF. */
  readonly file: DocumentFile;
}

/** A file that stands beside the record, named by its content. */
export interface DocumentFile {
  readonly sha256: Digest;
  /** Bytes. */
  readonly size: number;
}

/** A device's command key now speaks for the alias. */
export interface SeatEnrolled {
  readonly type: 'seat_enrolled';
  readonly alias: Alias;
  readonly key: Digest;
  readonly spki: Base64;
  /** DER; issued by the venue where the person sits; names alias and room only. */
  readonly certificate: Base64;
}

/** The venue's operator vouches that the key is with the right person. */
export interface SeatConfirmed {
  readonly type: 'seat_confirmed';
  readonly alias: Alias;
  readonly key: Digest;
}

/** The alias's key is revoked so that the person can go on at another device. */
export interface SeatReleased {
  readonly type: 'seat_released';
  readonly alias: Alias;
  readonly key: Digest;
  readonly reason: string;
}

/** The room is in another phase. */
export interface PhaseChanged {
  readonly type: 'phase_changed';
  readonly phase: Phase;
}

/** A phase of the room or of a lot. */
export const PHASE_VALUES = [
  /** 已创建: seats are planned, nobody is checked in. */
  'prepared',
  /** 签到: identity, recusal statement, pledge. */
  'check_in',
  /** 推选组长. */
  'chair_election',
  /** 评审: the lots have phases of their own. */
  'evaluation',
  /** 初步评审: form, eligibility, responsiveness; each member alone. */
  'examination',
  /** 详细评审打分; each member alone. */
  'scoring',
  /** 价格评审: points are revealed, prices still sealed. */
  'prices',
  /** 汇总: ranked, not yet locked. */
  'summary',
  /** 结果锁定. */
  'locked',
  /** 签署: the lot's report is fixed, each member signs it or says why not. */
  'signing',
  /** 报告封存. */
  'sealed',
  /** 暂停: stands for any phase while a pause lasts; never stored as a phase. */
  'paused',
  /** 已关闭. */
  'closed',
] as const;
/** A phase of the room or of a lot. */
export type Phase = (typeof PHASE_VALUES)[number];

/** A lot is in another phase. */
export interface LotPhaseChanged {
  readonly type: 'lot_phase_changed';
  readonly lot: LotId;
  readonly phase: Phase;
}

/** A member has said whether there is a ground for recusal. */
export interface RecusalStated {
  readonly type: 'recusal_stated';
  readonly conflict: boolean;
}

/** Why a member must be recused. */
export interface RecusalGrounds {
  readonly type: 'recusal_grounds';
  readonly grounds: string;
}

/** A member has accepted the pledge of the room's first event. */
export interface PledgeMade {
  readonly type: 'pledge_made';
}

/** A member has left; the conclusions are void and the successor evaluates anew. Source: 实施条例, Art. 48. */
export interface MemberReplaced {
  readonly type: 'member_replaced';
  readonly member: Alias;
  readonly successor: Alias;
  readonly reason: string;
}

/** These members now fill in a sheet, each alone. `lot` is none for the election. */
export interface RoundOpened {
  readonly type: 'round_opened';
  readonly lot: LotId | null;
  readonly stage: Stage;
  /** Starts at 1. */
  readonly round: number;
  readonly members: readonly Alias[];
}

/** A member's vote for the chair. */
export interface BallotCast {
  readonly type: 'ballot_cast';
  readonly round: number;
  readonly candidate: Alias;
}

/** A member finished a sheet; its content is in an event that is hidden until the reveal. */
export interface SheetHandedIn {
  readonly type: 'sheet_handed_in';
  readonly lot: LotId | null;
  readonly stage: Stage;
  readonly round: number;
}

/** All have handed in: the round's earlier lines open. */
export interface StageRevealed {
  readonly type: 'stage_revealed';
  readonly lot: LotId | null;
  readonly stage: Stage;
  readonly round: number;
}

/** The member with the most votes leads the committee, with one vote like the others. */
export interface ChairElected {
  readonly type: 'chair_elected';
  readonly chair: Alias;
  readonly round: number;
  readonly votes: Readonly<Record<Alias, number>>;
}

/** A member's findings of the preliminary examination. */
export interface SheetExamined {
  readonly type: 'sheet_examined';
  readonly lot: LotId;
  readonly round: number;
  readonly verdicts: Readonly<Record<BidAlias, Readonly<Record<CheckId, Verdict>>>>;
}

/** The majority's findings, with the minuted reasons. Source: 12号令; 87号令, Art. 51 to 53. */
export interface ExaminationConcluded {
  readonly type: 'examination_concluded';
  readonly lot: LotId;
  readonly tallies: Readonly<Record<BidAlias, Readonly<Record<CheckId, Tally>>>>;
  /** The rejected bids with their reasons. */
  readonly rejected: Readonly<Record<BidAlias, string>>;
  readonly competition: string;
}

/** How the committee judged one check of one bid. */
export interface Tally {
  readonly passed: boolean;
  readonly in_favour: number;
  readonly against: number;
}

/** The bids that go on to scoring, in the tender's order. */
export interface BidsAdmitted {
  readonly type: 'bids_admitted';
  readonly lot: LotId;
  readonly bids: readonly BidAlias[];
}

/** A member's points. */
export interface SheetScored {
  readonly type: 'sheet_scored';
  readonly lot: LotId;
  readonly round: number;
  /** Decimal strings in the criterion's unit. */
  readonly points: Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>;
}

/** The chair gives a revealed sheet back; `round` is the one in which it is handed in again. */
export interface SheetReturned {
  readonly type: 'sheet_returned';
  readonly lot: LotId;
  readonly stage: Stage;
  readonly round: number;
  readonly member: Alias;
}

/** Why the chair gives a sheet back; it may speak of the points. */
export interface ReturnGrounds {
  readonly type: 'return_grounds';
  readonly lot: LotId;
  readonly stage: Stage;
  readonly member: Alias;
  readonly reason: string;
}

/** What the members' points come to, with the calculation, which names each member's points. */
export interface MembersScored {
  readonly type: 'members_scored';
  readonly lot: LotId;
  readonly round: number;
  readonly result: MembersResult;
}

/** The points of everything but prices; decimal texts, exact. */
export interface MembersResult {
  /** By bid and node (criterion or group), before the node's own weight. */
  readonly points: Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>;
  readonly gated_out: readonly GateFailed[];
  /** The bids that go on. */
  readonly remaining: readonly BidAlias[];
  readonly trace: readonly Step[];
}

/** A bid that is out because a group's points are too few. */
export interface GateFailed {
  readonly bid: BidAlias;
  readonly group: CriterionId;
  readonly points: string;
  readonly gate: string;
}

/** One step of a calculation. */
export interface Step {
  readonly code: 'highest_dropped' | 'lowest_dropped' | 'widest_member_dropped' | 'mean' | 'sum' | 'weighted' | 'gate_passed' | 'gate_failed' | 'percent_cut' | 'per_unit' | 'evaluated_price' | 'above_ceiling' | 'percent_of_reference' | 'highest_gap_accepted' | 'highest_gap_too_far' | 'lowest_gap_accepted' | 'lowest_gap_too_far' | 'outside_band' | 'mean_price' | 'lowest_price' | 'reference_price' | 'reference_part' | 'bids_part' | 'benchmark_blended' | 'coefficient_applied' | 'benchmark' | 'ratio_points' | 'interpolated_points' | 'deviation_percent' | 'whole_steps_half_up' | 'whole_steps_half_even' | 'whole_steps_down' | 'whole_steps_up' | 'loss' | 'loss_limited' | 'deviation_points' | 'fixed_points' | 'cut_to_range' | 'price_points' | 'compared_points' | 'compared_prices' | 'compared_evaluated_prices' | 'compared_distances' | 'compared_lots' | 'rounded_half_up' | 'rounded_half_even' | 'rounded_down' | 'rounded_up';
  readonly bid?: BidAlias;
  /** The criterion or group it is about. */
  readonly node?: CriterionId;
  /** The member that a step singles out. */
  readonly who?: string;
  /** Decimal texts by role (`price`), by member or by bid; the code says which. */
  readonly operands?: Readonly<Record<string, string>>;
  /** Decimal text; of a number that never ends ten decimals, while the calculation goes on with the exact one. */
  readonly result: string;
}

/** A draw (摇号) that the scheme asks for, as it came out. */
export interface LotDrawn {
  readonly type: 'lot_drawn';
  readonly lot: LotId;
  readonly draw: DrawKind;
  readonly order: readonly string[];
}

/** What a scheme leaves to a draw. */
export const DRAW_KIND_VALUES = [
  /** The benchmark's coefficient K, drawn at the opening. */
  'coefficient',
  /** Which of several members with equally wide scores is left out. */
  'widest_member',
  /** The order of bids that stay equal through all other steps. */
  'tie',
] as const;
/** What a scheme leaves to a draw. */
export type DrawKind = (typeof DRAW_KIND_VALUES)[number];

/** Bidders and prices of the lot open to the committee. */
export interface PricesOpened {
  readonly type: 'prices_opened';
  readonly lot: LotId;
}

/** What the prices come to, with the calculation. */
export interface PricesScored {
  readonly type: 'prices_scored';
  readonly lot: LotId;
  readonly result: PricesResult;
}

/** What the prices come to; decimal texts. Mappings hold the remaining bids only. */
export interface PricesResult {
  /** None where the scheme has none, or no bid has a valid price. */
  readonly benchmark: string | null;
  readonly prices: Readonly<Record<BidAlias, string>>;
  readonly evaluated: Readonly<Record<BidAlias, string>>;
  /** Percent of the benchmark, of bids whose points came from it. */
  readonly deviations: Readonly<Record<BidAlias, string>>;
  /** From the evaluated price to the benchmark, ten decimals where there is no end; empty without a benchmark. */
  readonly distances: Readonly<Record<BidAlias, string>>;
  /** What the points are for; None where prices earn none. */
  readonly criterion: CriterionId | null;
  /** Before the criterion's weight. */
  readonly points: Readonly<Record<BidAlias, string>>;
  /** Bids that the benchmark's filters left out and that are still in. */
  readonly left_out: readonly BidAlias[];
  readonly out: readonly BidOut[];
  readonly remaining: readonly BidAlias[];
  readonly trace: readonly Step[];
}

/** A bid that its price puts out of the evaluation. */
export interface BidOut {
  readonly bid: BidAlias;
  readonly code: 'above_ceiling' | 'outside_valid_range' | 'excluded_from_benchmark';
}

/** The ranking, with the tie steps taken. */
export interface BidsRanked {
  readonly type: 'bids_ranked';
  readonly lot: LotId;
  readonly ranking: Ranking;
}

/** The outcome of a lot. */
export interface Ranking {
  /** By rank; within a shared rank by alias. */
  readonly order: readonly RankedBid[];
  /** By bid and node, prices and totals included, before the node's own weight. */
  readonly points: Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>;
  /** The steps after the first that had to be taken, in order. */
  readonly tie_steps: readonly (HigherPoints | LowerPrice | LowerEvaluatedPrice | CloserToBenchmark | DrawnLot)[];
  readonly trace: readonly Step[];
}

/** A bid's place. */
export interface RankedBid {
  readonly bid: BidAlias;
  /** From 1; equal bids share the better rank and the next ones are skipped. */
  readonly rank: number;
  readonly total: string;
}

/** Nothing changes the ranking any more. */
export interface ResultLocked {
  readonly type: 'result_locked';
  readonly lot: LotId;
}

/** All results are locked: where the room's policy says so, the names open for the signing. */
export interface NamesOpened {
  readonly type: 'names_opened';
}

/** A device's document key signs for the person: certificate and key tell who the alias is. */
export interface DocumentKeyCertified {
  readonly type: 'document_key_certified';
  readonly alias: Alias;
  /** SHA-256 of the public key's DER SubjectPublicKeyInfo. */
  readonly key: Digest;
  /** DER; issued by the venue where the person sits. */
  readonly certificate: Base64;
  /** Where the room never tells names: `certificate` bears the alias, and this one of the same key the person's name. */
  readonly named?: Base64;
}

/** A version of the report waits for these members; earlier versions and their signatures are void. */
export interface SigningOpened {
  readonly type: 'signing_opened';
  readonly lot: LotId;
  /** Starts at 1. */
  readonly version: number;
  readonly members: readonly Alias[];
}

/** The report as it was typeset and certified by the main venue's seal. */
export interface ReportIssued {
  readonly type: 'report_issued';
  readonly lot: LotId;
  readonly version: number;
  readonly matters: string;
  readonly clarifications: string;
  /** The PDF before any field or signature: the beginning of every later revision. */
  readonly typeset: DocumentFile;
  readonly certified: DocumentFile;
  /** What the typeset bytes depend on: program, templates and fonts. */
  readonly renderer: string;
}

/** A member has signed the report or refused to. */
export interface ReportAnswered {
  readonly type: 'report_answered';
  readonly lot: LotId;
  readonly version: number;
  readonly end: SigningEnd;
}

/** How a member ended the signing. Source: 12号令, Art. 43; `domain.md` 0, item 3. */
export const SIGNING_END_VALUES = [
  /** 已签名. */
  'signed',
  /** 已签名，保留不同意见. */
  'signed_with_dissent',
  /** 拒绝签名，已书面陈述不同意见. */
  'refused_with_dissent',
  /** 拒绝签名且不陈述理由; becomes the next by the chair's minute. */
  'refused',
  /** 视为同意. */
  'deemed_agreed',
] as const;
/** How a member ended the signing. Source: 12号令, Art. 43; `domain.md` 0, item 3. */
export type SigningEnd = (typeof SIGNING_END_VALUES)[number];

/** The report with one more signature. */
export interface ReportRevised {
  readonly type: 'report_revised';
  readonly lot: LotId;
  readonly version: number;
  readonly file: DocumentFile;
}

/** A member's dissent (不同意见) and its grounds. */
export interface DissentStated {
  readonly type: 'dissent_stated';
  readonly lot: LotId;
  readonly version: number;
  readonly text: string;
}

/** A member has signed the annex that names the person behind the alias. */
export interface AnnexSigned {
  readonly type: 'annex_signed';
  readonly lot: LotId;
  readonly version: number;
}

/** The annex (成员名单附页) of the author of this line: signed, and sealed by the main venue. */
export interface AnnexFiled {
  readonly type: 'annex_filed';
  readonly lot: LotId;
  readonly version: number;
  /** The PDF before any field or signature. */
  readonly typeset: DocumentFile;
  /** As the member was shown it. */
  readonly certified: DocumentFile;
  readonly file: DocumentFile;
  /** What the typeset bytes depend on. */
  readonly renderer: string;
}

/** A member who neither signed nor stated a dissent is deemed to agree. */
export interface RefusalMinuted {
  readonly type: 'refusal_minuted';
  readonly lot: LotId;
  readonly version: number;
  readonly member: Alias;
}

/** What the chair wrote about it. */
export interface RefusalMinute {
  readonly type: 'refusal_minute';
  readonly lot: LotId;
  readonly version: number;
  readonly member: Alias;
  readonly minute: string;
}

/** The report is closed: nothing is added to it any more. */
export interface ReportSealed {
  readonly type: 'report_sealed';
  readonly lot: LotId;
  readonly version: number;
}

/** The sealed report, and the record of how its signing ended (签署情况说明). */
export interface ReportFiled {
  readonly type: 'report_filed';
  readonly lot: LotId;
  readonly version: number;
  readonly report: DocumentFile;
  readonly signing_record: DocumentFile;
  /** Of the signing record. */
  readonly renderer: string;
}

/** A person asks for the staff of the own venue. */
export interface StaffCalled {
  readonly type: 'staff_called';
  readonly need: StaffNeed;
}

/** The venue's operator has taken the call. */
export interface StaffCallAnswered {
  readonly type: 'staff_call_answered';
  /** Who called. */
  readonly alias: Alias;
}

/** A member has written to the committee, for those who would have heard it said. */
export interface MessageSent {
  readonly type: 'message_sent';
  readonly text: string;
}

/** A member or the agent asks for a talk with the other. */
export interface TalkAsked {
  readonly type: 'talk_asked';
  readonly agent: Alias;
  /** None for the whole committee. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
}

/** The witness who wrote this line listens: members and agent hear each other until the talk ends. */
export interface TalkOpened {
  readonly type: 'talk_opened';
  readonly asker: Alias;
  readonly agent: Alias;
  readonly member: Alias | null;
  readonly topic: TalkTopic;
}

/** A talk, or what asked for one, is over. */
export interface TalkEnded {
  readonly type: 'talk_ended';
  readonly asker: Alias;
  readonly agent: Alias;
  readonly member: Alias | null;
  readonly end: TalkEnd;
}

/** Why a talk, or what asked for one, is over. */
export const TALK_END_VALUES = [
  /** By a party, the witness or the main venue's operator. */
  'ended',
  /** By who had asked, before it began. */
  'withdrawn',
  /** By somebody else, before it began. */
  'declined',
  'paused',
  /** Members fill in a sheet alone from now on. */
  'sheet_opened',
  /** Somebody who takes part, or the witness, leaves or moves to another computer. */
  'seat_given_up',
  'room_closed',
  /** The witness does not hear the room any more. */
  'witness_gone',
  /** The sound of somebody who takes part is not recorded any more, though it has to be. */
  'not_recorded',
  'time_over',
] as const;
/** Why a talk, or what asked for one, is over. */
export type TalkEnd = (typeof TALK_END_VALUES)[number];

/** A seat's page has looked at its computer and its network (入场前检测). */
export interface PrecheckReported {
  readonly type: 'precheck_reported';
  readonly marks: Readonly<Partial<Record<PrecheckPart, PrecheckMark>>>;
  readonly clock_offset_ms: number | null;
  readonly line: MeasuredLine | null;
}

/** From now on a camera shows a venue's room; who is in it is told so, as everybody is. */
export interface RoomCameraAdded {
  readonly type: 'room_camera_added';
  /** Of a kind of its own, such as `C1`. */
  readonly alias: Alias;
  readonly venue: VenueId;
  /** What it shows. */
  readonly label: string;
}

/** The camera is gone: nothing of it is passed on or recorded any more. */
export interface RoomCameraRemoved {
  readonly type: 'room_camera_removed';
  readonly alias: Alias;
}

/** From now on a wall may show what its giver's seat may see and hear (监督大屏). */
export interface WallPassGiven {
  readonly type: 'wall_pass_given';
  readonly wall: WallId;
  /** Where the wall is. */
  readonly place: string;
  /** Of the token that opens it. */
  readonly sha256: Base64;
}

/** Nothing more is shown under the pass; its players are gone. */
export interface WallPassWithdrawn {
  readonly type: 'wall_pass_withdrawn';
  readonly wall: WallId;
}

/** From now on a player on a wall is sent a picture with its sound, whenever the giver may see and hear it. */
export interface WallPlayerCame {
  readonly type: 'wall_player_came';
  readonly wall: WallId;
  /** Never the same again. */
  readonly player: string;
  /** Whose picture. */
  readonly alias: Alias;
  readonly kind: MediaTrack;
}

/** The player is sent nothing any more. */
export interface WallPlayerLeft {
  readonly type: 'wall_player_left';
  readonly wall: WallId;
  readonly player: string;
}

/** From now on a seat's microphone or camera is recorded, or a room camera. */
export interface RecordingBegan {
  readonly type: 'recording_began';
  readonly alias: Alias;
  readonly kind: MediaTrack;
}

/** From now on it is not, until it begins again. */
export interface RecordingGap {
  readonly type: 'recording_gap';
  readonly alias: Alias;
  readonly kind: MediaTrack;
  /** Why. */
  readonly gap: GapReason;
}

/** Why a track is not recorded any more. */
export const GAP_REASON_VALUES = [
  /** Nothing of this seat is to be recorded any more. */
  'not_wanted',
  /** 音视频连接中断. */
  'disconnected',
  /** Nothing comes: the device is switched off or pulled out. */
  'silent',
  /** Pictures come, and none that stands alone. */
  'no_key_frame',
  'disk_full',
  'disk_slow',
  'disk_failed',
  'media_process_ended',
  'server_restarted',
] as const;
/** Why a track is not recorded any more. */
export type GapReason = (typeof GAP_REASON_VALUES)[number];

/** Sound and pictures that have been recorded since the last such event: their files cannot be changed unseen. */
export interface MediaRecorded {
  readonly type: 'media_recorded';
  readonly tracks: readonly RecordedPieces[];
}

/** Pieces of one track that are on the disk. */
export interface RecordedPieces {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  /** Number of the first piece; a track's pieces are counted from 1, without a hole. */
  readonly first: number;
  readonly last: number;
  /** SHA-256 of each piece's clear file, 32 bytes each, in the order of their numbers. */
  readonly digests: Base64;
  /** When the first packet of the first piece came. */
  readonly begins_at: Millis;
  /** The end of the last piece. */
  readonly ends_at: Millis;
  /** Bytes of these files together. */
  readonly size: number;
}

/** How long the disk still holds what is recorded, where that is not long; none once it is long again. */
export interface RecordingSpaceTold {
  readonly type: 'recording_space_told';
  /** At the rate of the last minutes. */
  readonly minutes: number | null;
}

/** The recordings so far have been examined: what is missing, still, black or silent in them. */
export interface RecordingsChecked {
  readonly type: 'recordings_checked';
  /** On the disk then. */
  readonly pieces: number;
  /** Fewer where the room was closed before all could be. */
  readonly examined: number;
  readonly tracks: readonly TrackCheck[];
}

/** What an examination of one track's pieces came to. */
export interface TrackCheck {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  /** How long the seat was to be recorded so far. */
  readonly due_ms: number;
  /** The pieces' lengths together. */
  readonly recorded_ms: number;
  /** When it was to be recorded, and was not; why, the lines about gaps say. */
  readonly gaps: Stretches;
  /** When its picture did not change. */
  readonly still: Stretches;
  /** When its picture was black. */
  readonly dark: Stretches;
  /** When it was recorded and held no sound at all. */
  readonly silent: Stretches;
  /** How much of that falls into pauses and into times in which each member works alone: silence is no fault then. */
  readonly silent_apart_ms: number;
  /** Pieces that could not be decoded, or are no pieces. */
  readonly unreadable: number;
}

/** When something was so. */
export interface Stretches {
  /** All of it, from the shortest stretch that counts on. */
  readonly total_ms: number;
  /** The longest ones, in the order of time. */
  readonly longest: readonly Stretch[];
}

/** From one moment to another, by the server's clock. */
export interface Stretch {
  readonly begins_at: Millis;
  readonly ends_at: Millis;
}

/** A member's sheets do not wait for the recording of this camera or microphone any more. */
export interface RecordingWaived {
  readonly type: 'recording_waived';
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly reason: string;
}

/** Everything but seats stands still. */
export interface RoomPaused {
  readonly type: 'room_paused';
  readonly reason: string;
}

/** The pause is over. */
export interface RoomResumed {
  readonly type: 'room_resumed';
}

/** The last event of a room. */
export interface RoomClosed {
  readonly type: 'room_closed';
  readonly reason: string;
}

/** One room. */
export interface RoomView {
  readonly opening: RoomOpened | null;
  readonly phase: Phase;
  /** The line of the last change of the room's or a lot's phase, pause or round; older views cannot decide. */
  readonly phase_at: Seq;
  /** The reason of the pause that lasts. */
  readonly paused: string | null;
  readonly seats: Readonly<Record<Alias, Seat>>;
  readonly people: Readonly<Record<Alias, Person>>;
  readonly bidders: readonly string[];
  readonly grounds: Readonly<Record<Alias, string>>;
  /** Every command key ever enrolled, by fingerprint: SPKI in DER. */
  readonly keys: Readonly<Record<Digest, Base64>>;
  readonly election: Election;
  readonly chair: Alias | null;
  readonly lots: Readonly<Record<LotId, LotState>>;
  /** The latest of each member, as far as the fold has seen them. */
  readonly document_keys: Readonly<Record<Alias, DocumentKey>>;
  readonly names_opened_at: Seq | null;
  /** Who calls the staff and has not been answered, as far as the fold has seen it. */
  readonly calls: Readonly<Record<Alias, StaffNeed>>;
  /** The talk between members and agent that is open now; one at a time. */
  readonly talk: Talk | null;
  /** Who asks for a talk, in this order. */
  readonly talk_requests: Readonly<Record<Alias, TalkRequest>>;
  /** In the order in which they ended. */
  readonly past_talks: readonly PastTalk[];
  /** The latest of each seat at its present computer, as far as the fold has seen it. */
  readonly prechecks: Readonly<Record<Alias, Precheck>>;
  /** Every room camera there ever was, in the order they were added. */
  readonly cameras: Readonly<Record<Alias, RoomCamera>>;
  /** Every pass for a supervisor's wall there ever was, as far as the fold has seen them. */
  readonly walls: Readonly<Record<WallId, WallPass>>;
  /** Whether a track is recorded now; one that never was is missing. */
  readonly recordings: Readonly<Record<Alias, Readonly<Partial<Record<MediaTrack, TrackRecording>>>>>;
  /** Number of the last piece of each track, as far as the fold has seen it. */
  readonly pieces: Readonly<Record<Alias, Readonly<Partial<Record<MediaTrack, number>>>>>;
  /** Minutes of recording that the disk still holds; none where it is enough, or the fold has not seen it. */
  readonly recording_space: number | null;
  /** The last examination of the recordings, as far as the fold has seen it. */
  readonly recordings_checked: RecordingsReview | null;
  /** The reasons for which a member's track need not be recorded. */
  readonly waivers: Readonly<Record<Alias, Readonly<Partial<Record<MediaTrack, string>>>>>;
  readonly closed_at: Seq | null;
  /** The reason that the room was closed with. */
  readonly closed: string | null;
}

/** One person's place in the room. */
export interface Seat {
  readonly role: Role;
  readonly venue: VenueId;
  /** Fingerprint of the command key that speaks for the seat now. */
  readonly key: Digest | null;
  readonly confirmed: boolean;
  /** The line by which the person was confirmed for the first time. */
  readonly joined_at: Seq | null;
  /** How often the seat has been released; a token from before a move opens it no more. */
  readonly moves: number;
  /** The recusal statement; none before it is made. */
  readonly conflict: boolean | null;
  readonly pledged: boolean;
  readonly successor: Alias | null;
  /** The line by which the person left; nothing after it is shown to them. */
  readonly left_at: Seq | null;
}

/** The election of the chair. */
export interface Election {
  readonly stage: StageState;
  /** Of the last round, as far as the fold has seen them. */
  readonly ballots: Readonly<Record<Alias, Alias>>;
  /** Counted, once a chair is elected. */
  readonly votes: Readonly<Record<Alias, number>>;
}

/** The rounds of a stage; the last one may be open. */
export interface StageState {
  readonly rounds: readonly Round[];
}

/** One round of a stage: who fills in a sheet, and when it was revealed. */
export interface Round {
  readonly pending: readonly Alias[];
  readonly handed_in: readonly Alias[];
  readonly revealed_at: Seq | null;
}

/** One lot (标段 / 包). */
export interface LotState {
  readonly phase: Phase;
  readonly stages: Readonly<Partial<Record<Stage, StageState>>>;
  readonly identities: Readonly<Record<BidAlias, Identity>>;
  /** The latest sheet of each member, as far as the fold has seen it. */
  readonly verdicts: Readonly<Record<Alias, Readonly<Record<BidAlias, Readonly<Record<CheckId, Verdict>>>>>>;
  /** The latest sheet of each member, as far as the fold has seen it. */
  readonly points: Readonly<Record<Alias, Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>>>;
  /** Why the member's sheet was last given back, as far as the fold has seen it. */
  readonly return_grounds: Readonly<Record<Alias, string>>;
  readonly admitted: readonly BidAlias[] | null;
  readonly examination: ExaminationConcluded | null;
  readonly members: MembersScored | null;
  readonly prices_opened_at: Seq | null;
  readonly prices: PricesScored | null;
  readonly ranked: BidsRanked | null;
  /** The latest draw of each kind. */
  readonly draws: Readonly<Partial<Record<DrawKind, readonly string[]>>>;
  readonly locked_at: Seq | null;
  /** The line that first began the examination. */
  readonly opened_at: Seq | null;
  readonly files: Readonly<Record<BidAlias, readonly BidFile[]>>;
  readonly report: Report | null;
}

/** Who made a bid, its price and the facts that the price rule asks for. */
export interface Identity {
  readonly bidder: string;
  readonly offer: Offer;
}

/** A file of a bid. */
export interface BidFile {
  readonly title: string;
  readonly file: DocumentFile;
}

/** A lot's report in its present version. */
export interface Report {
  readonly version: number;
  /** Who is asked to sign. */
  readonly members: readonly Alias[];
  readonly ends: Readonly<Record<Alias, SigningEnd>>;
  /** When each member came to the present end. */
  readonly ended_at: Readonly<Record<Alias, Millis>>;
  readonly issued: ReportIssued | null;
  /** The last revision. */
  readonly latest: DocumentFile | null;
  readonly dissents: Readonly<Record<Alias, string>>;
  readonly minutes: Readonly<Record<Alias, string>>;
  /** Who has signed the annex that names the person, in this order. */
  readonly annexes: readonly Alias[];
  /** As far as the fold has seen them. */
  readonly annex_files: Readonly<Record<Alias, DocumentFile>>;
  readonly filed: ReportFiled | null;
  readonly sealed_at: Seq | null;
}

/** The key that a member signs documents with. */
export interface DocumentKey {
  readonly key: Digest;
  readonly certificate: Base64;
  /** The certificate for the annex, where the report is signed under aliases. */
  readonly named: Base64 | null;
}

/** The talk that is open now. */
export interface Talk {
  /** Who had asked for it. */
  readonly asker: Alias;
  readonly agent: Alias;
  /** None for the whole committee. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
  /** Who listens. */
  readonly witness: Alias;
  readonly opened_at: Millis;
}

/** Somebody asks for a talk; a witness opens it. */
export interface TalkRequest {
  readonly agent: Alias;
  /** None for the whole committee. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
  readonly asked_at: Millis;
}

/** A talk, or what asked for one, that is over. */
export interface PastTalk {
  readonly asker: Alias;
  readonly agent: Alias;
  /** None for the whole committee. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
  /** Who opened it and listened; none where it never began. */
  readonly witness: Alias | null;
  /** When it was opened, or asked for where it never began. */
  readonly began_at: Millis;
  readonly ended_at: Millis;
  readonly end: TalkEnd;
}

/** What a seat's page last found out about its computer and its network. */
export interface Precheck {
  readonly at: Millis;
  readonly marks: Readonly<Partial<Record<PrecheckPart, PrecheckMark>>>;
  readonly clock_offset_ms: number | null;
  readonly line: MeasuredLine | null;
}

/** A camera that shows a venue's room. */
export interface RoomCamera {
  readonly venue: VenueId;
  readonly label: string;
  /** The line by which it was taken away; it stays here, since its alias is never given again. */
  readonly removed_at: Seq | null;
}

/** A pass for a supervisor's wall. */
export interface WallPass {
  /** Whose seat it shows the room as. */
  readonly by: Alias;
  readonly place: string;
  readonly sha256: Base64;
  readonly given_at: Millis;
  /** When it was withdrawn, its giver moved to another device, or the room was closed. */
  readonly ended_at: Millis | null;
  /** Those that are connected, as far as the server has noted. */
  readonly players: Readonly<Record<string, WallPlayer>>;
}

/** A player on a wall. */
export interface WallPlayer {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly since: Millis;
}

/** Whether a track is recorded now. */
export interface TrackRecording {
  /** When it became so. */
  readonly since: Millis;
  /** Why it is not; none while it is. */
  readonly gap: GapReason | null;
}

/** The last examination of the recordings. */
export interface RecordingsReview {
  readonly at: Millis;
  readonly check: RecordingsChecked;
}

/** The first frame: who I am and how much of the record I hold. */
export interface Join {
  readonly type: 'join';
  readonly token: string;
  /** Lines, or hashes of lines, that the page holds: 0 to `have` - 1. */
  readonly have: number;
  /** Fingerprint of the seat's command key; none before the seat is enrolled. */
  readonly key: Digest | null;
  /** The key's signature over `lianping-join-v1\n` and the token: 64 bytes, r and s. */
  readonly proof: Uint8Array | null;
}

/** A signed command. */
export interface Submit {
  readonly type: 'submit';
  /** RFC 8785 text of the command. */
  readonly text: string;
  /** 64 bytes: r and s of the P-256 signature. */
  readonly signature: Uint8Array;
  /** Fingerprint of the command key. */
  readonly key: Digest;
}

/** One typed cell of a sheet that is not handed in yet. */
export interface SaveCell {
  readonly type: 'save_cell';
  readonly lot: LotId;
  readonly stage: Stage;
  readonly round: number;
  /** Chosen by the page, such as `A/t1`. */
  readonly cell: string;
  /** Empty to clear the cell. */
  readonly value: string;
  /** The version that the page knows, plus one. */
  readonly version: number;
}

/** How far I am with a sheet: passed on to the room, never kept. */
export interface ShowProgress {
  readonly type: 'show_progress';
  readonly lot: LotId;
  readonly stage: Stage;
  readonly filled: number;
  readonly total: number;
}

/** Ask for a new token before the present one expires. */
export interface Refresh {
  readonly type: 'refresh';
}

/** The answer to `join`; lines, a checkpoint and live lines follow. */
export interface Welcome {
  readonly type: 'welcome';
  readonly alias: Alias;
  readonly role: Role;
  readonly venue: VenueId;
  /** Lines in the room's record now. */
  readonly size: number;
  /** The server's clock. */
  readonly now: Millis;
  /** The highest `n` accepted from the seat's present key. */
  readonly last_n: number;
  readonly cells: readonly Cell[];
}

/** A typed cell as it is kept. */
export interface Cell {
  readonly lot: LotId;
  readonly stage: Stage;
  readonly round: number;
  readonly cell: string;
  readonly value: string;
  /** Rises with every change of the cell; the higher one stands. */
  readonly version: number;
}

/** Lines that the viewer may see, in order; older ones where a reveal has opened them. */
export interface Lines {
  readonly type: 'lines';
  readonly lines: readonly PlacedLine[];
}

/** A line in its place. */
export type PlacedLine = readonly [seq: Seq, raw: Uint8Array];

/** A signed head, with the hashes of the hidden lines before it that have not been sent yet. */
export interface CheckpointSigned {
  readonly type: 'checkpoint';
  /** C2SP signed note with the log's signature and the witnesses' cosignatures. */
  readonly note: string;
  readonly hashes: readonly PlacedHash[];
}

/** The leaf hash of a hidden line. */
export type PlacedHash = readonly [seq: Seq, hash: Uint8Array];

/** A command is in the record, durably. Sent again for the same command. */
export interface Accepted {
  readonly type: 'accepted';
  readonly n: number;
  readonly first: Seq;
  /** Its events are the lines from `first` to `last`. */
  readonly last: Seq;
}

/** A command or a frame was refused; the room is as it was. */
export interface Refused {
  readonly type: 'refused';
  readonly code: string;
  readonly text: string;
  /** Of the refused command. */
  readonly n: number | null;
}

/** A cell is kept, durably; also sent to the person's other pages. */
export interface CellSaved {
  readonly type: 'cell_saved';
  readonly cell: Cell;
}

/** How far somebody is with a sheet; nothing of it is kept. */
export interface Progress {
  readonly type: 'progress';
  readonly alias: Alias;
  readonly lot: LotId;
  readonly stage: Stage;
  readonly filled: number;
  readonly total: number;
}

/** Which seats are connected now; nothing of it is kept. */
export interface Presence {
  readonly type: 'presence';
  readonly connected: readonly Alias[];
}

/** The answer to `refresh`. */
export interface FreshToken {
  readonly type: 'token';
  readonly token: string;
}

/** The last frame before the server closes the connection. */
export interface Goodbye {
  readonly type: 'goodbye';
  readonly code: string;
  readonly text: string;
}

/** The first frame: who I am. Offers follow as soon as the seat is confirmed. */
export interface JoinMedia {
  readonly type: 'join_media';
  readonly token: string;
  readonly key: Digest | null;
  /** As in `join`. */
  readonly proof: Uint8Array | null;
  /** The one that the page has kept while its socket was away; if it stands, it is offered again in place of a new one. */
  readonly connection: number | null;
  /** Whether the page plays the room's sound; a page with many rooms on it plays that of one. As `hear_room` later on. */
  readonly hears: boolean;
}

/** The first frame of a page that tries its ways to the server: what it sends comes back to itself alone. */
export interface JoinProbe {
  readonly type: 'join_probe';
  readonly token: string;
  readonly key: Digest | null;
  /** As in `join`. */
  readonly proof: Uint8Array | null;
}

/** Of a page that tries its ways: offer a pair of new connections, one that sends and one that it comes back on. */
export interface TryWay {
  readonly type: 'try_way';
}

/** The answer to the offer of the same connection and revision. */
export interface MediaAnswer {
  readonly type: 'media_answer';
  readonly connection: number;
  readonly revision: number;
  readonly sdp: string;
}

/** The network has changed: offer again, with new ICE credentials. */
export interface RestartMedia {
  readonly type: 'restart_media';
}

/** What the page shows now; the pictures come as large as they are shown, and as the line carries. */
export interface ViewTiles {
  readonly type: 'view_tiles';
  readonly tiles: readonly TileView[];
}

/** How the page shows a picture. */
export interface TileView {
  readonly alias: Alias;
  readonly track: MediaTrack;
  /** Device pixels from top to bottom; 0 for a picture that is not shown. */
  readonly lines: number;
  readonly pinned: boolean;
}

/** What the person at the seat has switched, all of it: passed on to those who see and hear the seat, never kept. */
export interface ShowSeat {
  readonly type: 'show_seat';
  readonly camera: Switch;
  readonly microphone: Switch;
  /** Whether the person asks to speak. */
  readonly hand: boolean;
  /** Whether the person shows a screen. */
  readonly screen: boolean;
}

/** Where a seat's camera or microphone stands, as its page says. */
export const SWITCH_VALUES = [
  'on',
  /** The person at the seat has switched it off. */
  'off',
  /** There is none, or the page may not use it. */
  'failed',
  /** It is on, but what protects it has stalled: until that works again, the protected version is black or silent. */
  'stalled',
] as const;
/** Where a seat's camera or microphone stands, as its page says. */
export type Switch = (typeof SWITCH_VALUES)[number];

/** The page plays the room's sound from now on, or does not; answered by `room_heard`. */
export interface HearRoom {
  readonly type: 'hear_room';
  readonly on: boolean;
}

/** The chair or the main venue's operator has given somebody the floor, or takes note of the raised hand. */
export interface LowerHand {
  readonly type: 'lower_hand';
  readonly alias: Alias;
}

/** Relays (TURN) for a network that lets no UDP through; comes before the first offer, and again before it ends. */
export interface MediaRelays {
  readonly type: 'media_relays';
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** An offer; another `connection` than before means a new peer connection. */
export interface MediaOffer {
  readonly type: 'media_offer';
  readonly connection: number;
  readonly revision: number;
  readonly sdp: string;
}

/** ICE and DTLS stand. */
export interface MediaConnected {
  readonly type: 'media_connected';
  readonly connection: number;
}

/** The media connection ended; a new offer follows by itself where it makes sense. */
export interface MediaGone {
  readonly type: 'media_gone';
  readonly connection: number;
  readonly reason: string;
}

/** The pictures that are held back now because the line of this seat does not carry them; sound goes on. */
export interface PicturesPaused {
  readonly type: 'pictures_paused';
  readonly pictures: readonly Picture[];
}

/** A picture of a seat. */
export interface Picture {
  readonly alias: Alias;
  readonly track: MediaTrack;
}

/** What a seat that this one sees and hears has switched; also told as soon as it is seen and heard again. */
export interface SeatShown {
  readonly type: 'seat_shown';
  readonly alias: Alias;
  readonly camera: Switch;
  readonly microphone: Switch;
  /** Since when the hand is raised, by the server's clock. */
  readonly hand: Millis | null;
  /** Whether it shows a screen. */
  readonly screen: boolean;
}

/** Somebody has lowered this seat's hand. */
export interface HandLowered {
  readonly type: 'hand_lowered';
  readonly by: Alias;
}

/** From now on the room's sound is sent to this page, and its seat counts as one that listens; or neither. */
export interface RoomHeard {
  readonly type: 'room_heard';
  readonly on: boolean;
}

/** For operators, the whole of it at each change: where packets are dropped in number. It stands in no record. */
export interface DropsSeen {
  readonly type: 'drops_seen';
  /** For the main venue's operator all, for others those of their venue. */
  readonly seats: readonly SeatDrops[];
  /** Whether very many packets come that belong to no seat of this server; told to the main venue's operator. */
  readonly strays: boolean;
}

/** A seat with many such packets in the last minute. */
export interface SeatDrops {
  readonly alias: Alias;
  readonly cause: DropCause;
}

/** Why packets are dropped that come over a seat's connection, or in its name. */
export const DROP_CAUSE_VALUES = [
  /** They are forged or repeated, or try to open the seat's connection from elsewhere. */
  'foreign',
  /** They are the seat's own, but not what it agreed to send. */
  'unreadable',
  /** They are more than any seat sends. */
  'too_many',
] as const;
/** Why packets are dropped that come over a seat's connection, or in its name. */
export type DropCause = (typeof DROP_CAUSE_VALUES)[number];

/** The server's media process dies again and again, or does so no more; until then none of it is to be expected. */
export interface MediaFailing {
  readonly type: 'media_failing';
  readonly on: boolean;
}

/** What a seat can ask for, without the envelope. */
export type AnyCommand =
  | EnrolSeat
  | ConfirmSeat
  | ReleaseSeat
  | OpenCheckIn
  | StateRecusal
  | MakePledge
  | ReplaceMember
  | OpenElection
  | CastBallot
  | HandInExamination
  | ConcludeExamination
  | HandInScores
  | ReturnSheet
  | ScorePrices
  | LockResult
  | EnrolDocumentKey
  | IssueReport
  | SignReport
  | SignAnnex
  | RefuseReport
  | MinuteRefusal
  | SealReport
  | CallStaff
  | AnswerCall
  | SendMessage
  | AskForTalk
  | OpenTalk
  | EndTalk
  | ReportPrecheck
  | AddRoomCamera
  | RemoveRoomCamera
  | GiveWallPass
  | WithdrawWallPass
  | WaiveRecording
  | PauseRoom
  | ResumeRoom
  | CloseRoom;

/** What happened, without the line's head. */
export type AnyEvent =
  | RoomOpened
  | SeatPlanned
  | PersonSealed
  | BiddersListed
  | BidSealed
  | BidFileListed
  | SeatEnrolled
  | SeatConfirmed
  | SeatReleased
  | PhaseChanged
  | LotPhaseChanged
  | RecusalStated
  | RecusalGrounds
  | PledgeMade
  | MemberReplaced
  | RoundOpened
  | BallotCast
  | SheetHandedIn
  | StageRevealed
  | ChairElected
  | SheetExamined
  | ExaminationConcluded
  | BidsAdmitted
  | SheetScored
  | SheetReturned
  | ReturnGrounds
  | MembersScored
  | LotDrawn
  | PricesOpened
  | PricesScored
  | BidsRanked
  | ResultLocked
  | NamesOpened
  | DocumentKeyCertified
  | SigningOpened
  | ReportIssued
  | ReportAnswered
  | ReportRevised
  | DissentStated
  | AnnexSigned
  | AnnexFiled
  | RefusalMinuted
  | RefusalMinute
  | ReportSealed
  | ReportFiled
  | StaffCalled
  | StaffCallAnswered
  | MessageSent
  | TalkAsked
  | TalkOpened
  | TalkEnded
  | PrecheckReported
  | RoomCameraAdded
  | RoomCameraRemoved
  | WallPassGiven
  | WallPassWithdrawn
  | WallPlayerCame
  | WallPlayerLeft
  | RecordingBegan
  | RecordingGap
  | MediaRecorded
  | RecordingSpaceTold
  | RecordingsChecked
  | RecordingWaived
  | RoomPaused
  | RoomResumed
  | RoomClosed;

/** What a seat sends. */
export type AnyFromSeat =
  | Join
  | Submit
  | SaveCell
  | ShowProgress
  | Refresh;

/** What the server sends. */
export type AnyToSeat =
  | Welcome
  | Lines
  | CheckpointSigned
  | Accepted
  | Refused
  | CellSaved
  | Progress
  | Presence
  | FreshToken
  | Goodbye;

/** What a seat sends on the signal socket. */
export type AnySignalFromSeat =
  | JoinMedia
  | JoinProbe
  | TryWay
  | MediaAnswer
  | RestartMedia
  | ViewTiles
  | ShowSeat
  | HearRoom
  | LowerHand;

/** What the server sends on the signal socket. */
export type AnySignalToSeat =
  | MediaRelays
  | MediaOffer
  | MediaConnected
  | MediaGone
  | PicturesPaused
  | SeatShown
  | HandLowered
  | RoomHeard
  | DropsSeen
  | MediaFailing
  | Refused
  | Goodbye;

/** A line: its head and its event, as one flat object. */
export type FlatLine = LineHead & AnyEvent;

/** What a seat signs: envelope and command, as one flat object. */
export type FlatCommand = Envelope & AnyCommand;

/** The WebSocket subprotocol. */
export const PROTOCOL = 'lianping-sync-1';

/** The subprotocol of the signal socket. */
export const SIGNAL_PROTOCOL = 'lianping-signal-1';

/** Bytes of a frame from a seat. */
export const FRAME_LIMIT = 262144;

/** Characters of a free text: a reason, grounds, a minute. */
export const TEXT_LIMIT = 400;

/** Characters of what goes into a report, and of a dissent. */
export const LONG_TEXT_LIMIT = 1000;

/** Characters of a cell's name. */
export const CELL_NAME_LIMIT = 120;

/** Characters of a typed cell. */
export const CELL_VALUE_LIMIT = 800;

/** Cells of one sheet. */
export const CELLS_LIMIT = 4000;

/** Closes a signal socket that the page opens anew. */
export const COMES_BACK = 4001;

/** The reason of a pause that the server itself makes. */
export const NO_SPACE = '录音录像存储空间即将用尽，系统已自动暂停。';

export const REJECTION_CODES = [
  /** The alias {alias} was given before, or is not of the form E1. */
  'alias_used',
  /** This has been done already. */
  'already_done',
  /** The signature of {name} does not verify. */
  'bad_note_signature',
  /** The signature does not fit the command. */
  'bad_signature',
  /** The scheme gives no benchmark above zero for these bids. */
  'benchmark_undefined',
  /** {file} was changed while the room was being created; nothing was created. Try again. */
  'bid_file_changed',
  /** {host} lies in none of the networks in which cameras may stand: {networks}. */
  'camera_address_forbidden',
  /** {problem} */
  'camera_address_unusable',
  /** The room camera's pass has expired; the operator can issue a new one. */
  'camera_pass_expired',
  /** This pass opens no room camera; the operator can issue a new one. */
  'camera_pass_unknown',
  /** The body must be an object of `address`, `user` and `password`. */
  'camera_source_malformed',
  /** There is no room camera {alias} in this room, or it has been taken away. */
  'camera_unknown',
  /** There is no revealed sheet of {member} that can be returned. */
  'cannot_return',
  /** A cell holds at most {limit} characters. */
  'cell_too_long',
  /** This entry code is not valid. */
  'code_unknown',
  /** {problem} */
  'codec_missing',
  /** Command {n} was accepted before with other content. */
  'command_id_reused',
  /** {alias} has no certificate to sign documents with, or it has expired. */
  'document_key_missing',
  /** Somebody else has signed in the meantime; sign again. */
  'document_moved',
  /** The signature does not fit the prepared document and the seat's certificate. */
  'document_signature_bad',
  /** A draw of {draw} among {among} is needed first. */
  'draw_needed',
  /** The draw of {draw} gave {drawn}, which is not among {among}. */
  'draw_unknown',
  /** The evaluated price of bid {bid} is {evaluated}. */
  'evaluated_price_not_positive',
  /** Bid {bid} needs the number {fact} for its evaluated price. */
  'fact_missing',
  /** The file {sha256} is missing or damaged; it has to be restored from a backup. */
  'file_missing',
  /** There is no such file for this seat. */
  'file_unknown',
  /** The command speaks for {by}, the connection belongs to {alias}. */
  'foreign_alias',
  /** The command was signed for another room. */
  'foreign_room',
  /** Cameras of the venue {venue} are for its own operator and the main venue's. */
  'foreign_venue',
  /** The page holds a record that is not a beginning of this room's. */
  'forked_view',
  /** The next step is not open yet: {blockers}. */
  'gate_closed',
  /** The handwritten signature cannot be used: {detail}. */
  'handwriting_unusable',
  /** The issuing certificate {name} has expired; move its folder out of the keyring to have a new one made. */
  'issuer_expired',
  /** The first frame must be a join. */
  'join_missing',
  /** The key is not the one that signed, or was in use in this room before. */
  'key_unusable',
  /** Others may read {path} (mode {mode:04o}), where secrets lie; run: chmod {wanted:o} {path} */
  'loose_permissions',
  /** There is no lot {lot} in this room. */
  'lot_unknown',
  /** This is no command the server knows: {detail}. */
  'malformed_command',
  /** This is no frame of the protocol: {detail}. */
  'malformed_frame',
  /** Malformed {what}: {why}. */
  'malformed_text',
  /** Sound and pictures are being started; try again in a moment. */
  'media_away',
  /** This server has been started without media. */
  'media_off',
  /** If-Match must name the present ICE session, or be * to restart it. */
  'media_session_moved',
  /** If-Match is missing: it names the present ICE session, or is * to restart it. */
  'media_session_not_named',
  /** There is no such session; send a new offer. */
  'media_session_unknown',
  /** Members write to each other only while no sheet is filled in alone. */
  'members_apart',
  /** {asker} asks for no talk, and none is open that {asker} had asked for. */
  'nobody_asks',
  /** {alias} does not call the staff, or the call has been answered. */
  'nobody_calls',
  /** The value has no canonical form: {why}. */
  'not_canonical',
  /** {alias} has not finished the check-in. */
  'not_checked_in',
  /** {alias} cannot be elected chair. */
  'not_eligible',
  /** {by} cannot ask for a talk between {agent} and {member}. */
  'not_for_others',
  /** There is no {kind} of {alias} that this pass may show. */
  'not_for_walls',
  /** The camera or the microphone of {alias} is not recorded, so nothing can be handed in. */
  'not_recorded',
  /** The body must be of the type {wanted}. */
  'not_sdp',
  /** {alias} has handed in already, or has no sheet in this round. */
  'nothing_to_hand_in',
  /** {member} has ended the signing already, or is not asked to sign. */
  'nothing_to_minute',
  /** {alias} has ended the signing already, or is not asked to sign. */
  'nothing_to_sign',
  /** Nothing waits for the recording of {kind} of {alias}, or not any more. */
  'nothing_to_waive',
  /** Command {n} is not above the last accepted one, {last}. */
  'number_not_rising',
  /** Bid {bid} has no price. */
  'offer_missing',
  /** {problem} */
  'offer_refused',
  /** {alias} sits at another venue. */
  'other_venue',
  /** The tree of {size} leaves has no {asked}. */
  'out_of_tree',
  /** This is no package of a room: {why}. */
  'package_unreadable',
  /** {points!r} for criterion {criterion} of bid {bid} is no number such as 13.5. */
  'points_malformed',
  /** Points are missing for criterion {criterion} of bid {bid}. */
  'points_missing',
  /** {points} for criterion {criterion} of bid {bid} is no multiple of {unit}. */
  'points_off_unit',
  /** {points} for criterion {criterion} of bid {bid} is not between {min_points} and {max_points}. */
  'points_out_of_range',
  /** The sheet has no place for bid {bid}, criterion {criterion}. */
  'points_unknown',
  /** {price!r} of bid {bid} is no price such as 13656.00. */
  'price_malformed',
  /** Many seats are being tried just now; try again in a minute. */
  'probes_busy',
  /** This server speaks {protocol}; reload the page. */
  'protocol_unknown',
  /** A reason is required: {where}. */
  'reason_missing',
  /** No reason is asked for here: {where}. */
  'reason_unasked',
  /** The replay opens once the room is closed. */
  'replay_closed',
  /** Version {version} of the report is not the present one. */
  'report_version_passed',
  /** {command} is not for {role} in the phase {phase}. */
  'role_may_not',
  /** There is a room {room} already. */
  'room_exists',
  /** The room is closed; nothing is shown any more. */
  'room_not_shown',
  /** The room has been stopped: {reason} */
  'room_stopped',
  /** There is no room {room}. */
  'room_unknown',
  /** The TLS root in {folder} has expired; move that folder away and start again to make one. */
  'root_expired',
  /** {alias} is confirmed already. */
  'seat_already_confirmed',
  /** The seat's key must be an uncompressed P-256 key in SPKI form. */
  'seat_key_unfit',
  /** {alias} has been replaced and takes no part any more. */
  'seat_left',
  /** The venue's operator has not confirmed {alias} yet. */
  'seat_not_confirmed',
  /** {alias} has no key in this room, or another one. */
  'seat_not_enrolled',
  /** {alias} is open on another device; the venue's operator can move the seat. */
  'seat_taken',
  /** There is no seat {alias} in this room. */
  'seat_unknown',
  /** The secret {path} {detail}; restore it from the backup. */
  'secrets_damaged',
  /** The sheet has an entry that is not asked for: {where}. */
  'sheet_foreign',
  /** The sheet has no entry for {where}. */
  'sheet_incomplete',
  /** No member's sheet counts below {node}. */
  'sheets_missing',
  /** There is no talk with the agent while a sheet is filled in alone. */
  'sheets_open',
  /** Another member is signing just now; try again in a moment. */
  'signing_busy',
  /** The prepared signature has lapsed; sign again. */
  'signing_lapsed',
  /** The page has not seen the room's present phase yet. */
  'stale_view',
  /** The store does not answer. Try again in a moment. */
  'store_unavailable',
  /** The store cannot write: {reply} */
  'store_unwritable',
  /** Another talk with the agent is open; there is one at a time. */
  'talk_goes_on',
  /** The sound of {aliases} is not recorded, so no talk can begin. */
  'talk_not_recorded',
  /** {name} has {count} mistakes; the first is in line {line}: {message} */
  'tender_refused',
  /** The text has {length} characters; at most {limit} are possible. */
  'text_too_long',
  /** The token has expired. */
  'token_expired',
  /** The token was not issued for this place: {detail}. */
  'token_foreign',
  /** This is no token the server can read. */
  'token_malformed',
  /** The right of this device to enter was withdrawn. */
  'token_revoked',
  /** A room has at most {limit} room cameras at a time. */
  'too_many_cameras',
  /** A sheet holds at most {limit} cells. */
  'too_many_cells',
  /** Too many frames in a short time. */
  'too_many_frames',
  /** {limit} players are connected to this room; end one of them first. */
  'too_many_players',
  /** Too many wrong codes or tokens; try again in {retry_after_s} s at the latest. */
  'too_many_tries',
  /** A room has at most {limit} passes for walls at a time. */
  'too_many_walls',
  /** The public key cannot be used: {why}. */
  'unsupported_key',
  /** The request is no form with a part for the tender file and one for each PDF. */
  'upload_malformed',
  /** The files of a request may have {limit_mb} MB together. */
  'upload_too_large',
  /** There is no venue {venue} in this room. */
  'venue_unknown',
  /** This pass has been withdrawn; a supervisor of the room gives a new one. */
  'wall_pass_ended',
  /** This token opens nothing in this room. */
  'wall_pass_unknown',
  /** Another pass of this room has the same token; draw a new one. */
  'wall_token_used',
  /** There is no pass {wall} for a wall in this room, or it has ended. */
  'wall_unknown',
  /** {command} is not possible in the phase {phase}. */
  'wrong_phase',
  /** Round {round} is not open; the present one is {open}. */
  'wrong_round',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

export const GOODBYE_CODES = [
  /** Closes with 4400. */
  'protocol_unknown',
  /** Closes with 4400. */
  'malformed_frame',
  /** Closes with 4429. */
  'too_many_frames',
  /** Closes with 4408. */
  'join_missing',
  /** Closes with 4401. */
  'token_malformed',
  /** Closes with 4401. */
  'token_foreign',
  /** Closes with 4401. */
  'token_expired',
  /** Closes with 4401. */
  'token_revoked',
  /** Closes with 4404. */
  'room_unknown',
  /** Closes with 4404. */
  'seat_unknown',
  /** Closes with 4410. */
  'seat_left',
  /** Closes with 4409. */
  'seat_taken',
  /** Closes with 4409. */
  'taken_over',
  /** Closes with 4410. */
  'seat_released',
  /** Closes with 4408. */
  'too_slow',
  /** Closes with 4503. */
  'room_stopped',
  /** Closes with 4503. */
  'store_unavailable',
  /** Closes with 1001. */
  'server_stopping',
] as const;
export type GoodbyeCode = (typeof GOODBYE_CODES)[number];

/** The commands whose phase is that of their lot, while the room is in evaluation. */
export const LOT_COMMANDS: readonly AnyCommand['type'][] = [
  'hand_in_examination',
  'conclude_examination',
  'hand_in_scores',
  'return_sheet',
  'score_prices',
  'lock_result',
  'issue_report',
  'sign_report',
  'sign_annex',
  'refuse_report',
  'minute_refusal',
  'seal_report',
];

/** Which role may ask for what, in which phase; while the room is paused the row `paused` decides. */
export const PERMISSIONS: Readonly<
  Record<Phase, Readonly<Partial<Record<AnyCommand['type'], readonly Role[]>>>>
> = {
  prepared: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    open_check_in: ['host_operator'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  check_in: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    state_recusal: ['expert', 'representative'],
    make_pledge: ['expert', 'representative'],
    replace_member: ['host_operator'],
    open_election: ['host_operator'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    send_message: ['expert', 'representative'],
    ask_for_talk: ['agent', 'expert', 'representative'],
    open_talk: ['witness'],
    end_talk: ['agent', 'expert', 'host_operator', 'representative', 'witness'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    waive_recording: ['host_operator'],
    pause_room: ['host_operator'],
    close_room: ['host_operator'],
  },
  chair_election: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    state_recusal: ['expert', 'representative'],
    make_pledge: ['expert', 'representative'],
    replace_member: ['host_operator'],
    cast_ballot: ['expert', 'representative'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    send_message: ['expert', 'representative'],
    ask_for_talk: ['agent', 'expert', 'representative'],
    open_talk: ['witness'],
    end_talk: ['agent', 'expert', 'host_operator', 'representative', 'witness'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    waive_recording: ['host_operator'],
    pause_room: ['host_operator'],
    close_room: ['host_operator'],
  },
  evaluation: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    state_recusal: ['expert', 'representative'],
    make_pledge: ['expert', 'representative'],
    replace_member: ['host_operator'],
    enrol_document_key: ['expert', 'representative'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    send_message: ['expert', 'representative'],
    ask_for_talk: ['agent', 'expert', 'representative'],
    open_talk: ['witness'],
    end_talk: ['agent', 'expert', 'host_operator', 'representative', 'witness'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    waive_recording: ['host_operator'],
    pause_room: ['host_operator'],
    close_room: ['host_operator'],
  },
  examination: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    hand_in_examination: ['expert', 'representative'],
    conclude_examination: ['chair'],
    return_sheet: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  scoring: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    hand_in_scores: ['expert', 'representative'],
    return_sheet: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  prices: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    return_sheet: ['chair'],
    score_prices: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  summary: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    lock_result: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  locked: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    issue_report: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  signing: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    issue_report: ['chair'],
    sign_report: ['expert', 'representative'],
    sign_annex: ['expert', 'representative'],
    refuse_report: ['expert', 'representative'],
    minute_refusal: ['chair'],
    seal_report: ['chair'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  sealed: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    close_room: ['host_operator'],
  },
  paused: {
    enrol_seat: ['agent', 'auditor', 'expert', 'host_operator', 'representative', 'supervisor', 'venue_operator', 'witness'],
    confirm_seat: ['host_operator', 'venue_operator'],
    release_seat: ['host_operator', 'venue_operator'],
    call_staff: ['agent', 'expert', 'representative', 'witness'],
    answer_call: ['host_operator', 'venue_operator'],
    report_precheck: ['agent', 'expert', 'host_operator', 'representative', 'venue_operator', 'witness'],
    add_room_camera: ['host_operator', 'venue_operator'],
    remove_room_camera: ['host_operator', 'venue_operator'],
    give_wall_pass: ['supervisor'],
    withdraw_wall_pass: ['supervisor'],
    resume_room: ['host_operator'],
    close_room: ['host_operator'],
  },
  closed: {},
};
