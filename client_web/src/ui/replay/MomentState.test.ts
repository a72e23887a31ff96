/** The state of a replay, drawn without a browser: nothing that ever happened to a room may break it. */

import { describe, expect, it, test } from 'vitest';
import { createSSRApp, h } from 'vue';
import { createI18n } from 'vue-i18n';
import { renderToString } from 'vue/server-renderer';

import { zhCN } from '../../i18n/zhCN';
import { GOLDEN_REPLAYS, goldenReplay, type GoldenReplay } from '../../replay/testWorld/goldenReplays';
import { EMPTY_VIEW } from '../../session/roomView';
import MomentState from './MomentState.vue';
import { replayPort } from './replayPort';
import { useReplay, type Replay } from './useReplay';

/** Thousands of drawings; a busy machine takes its time. */
const PATIENCE_MS = 60_000;

const PROOF = { verified: null, witnessed: 0, cosigners: [] };

function replayOf({ lines, table }: GoldenReplay): Replay {
  return useReplay(replayPort({ proof: PROOF, rawLine: () => undefined }, EMPTY_VIEW, lines), table);
}

/** The text of the state, and what Vue complained about. */
async function drawn(replay: Replay, lot: string): Promise<string> {
  const app = createSSRApp({ render: () => h(MomentState, { replay, lot, banner: '', clock: String }) });
  app.use(createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': zhCN } }));
  app.config.warnHandler = (message) => {
    throw new Error(message);
  };
  const html = await renderToString(app);
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

it.each(GOLDEN_REPLAYS)(
  '$name: every step can be drawn for everybody',
  async (golden) => {
    const replay = replayOf(golden);
    for (const alias of [null, ...Object.keys(golden.table.aliases)]) {
      replay.lookAs(alias);
      for (let step = 0; step < replay.steps.length; step += 5) {
        replay.goToStep(step);
        for (const lot of Object.keys(replay.port.value.view.lots)) expect(await drawn(replay, lot)).not.toBe('');
      }
    }
  },
  PATIENCE_MS,
);

describe('the signing', () => {
  const golden = goldenReplay('signed-reports');

  test('a member sees all ends, dissents and minutes; the agent of the tender, at the time, the ends alone', async () => {
    const replay = replayOf(golden);
    replay.goToLine(golden.table.marks.find(({ code }) => code === 'seal')?.seq ?? 0);
    replay.lookAs('E2');
    const toMember = await drawn(replay, 'L1');
    replay.lookAs('A1');
    const toAgent = await drawn(replay, 'L1');

    for (const end of ['已签名，保留不同意见', '拒绝签名，已书面陈述不同意见', '视为同意', '已封存']) {
      expect(toMember).toContain(end);
      expect(toAgent).toContain(end);
    }
    for (const text of ['报价分析依据不足', '拒绝签名且不陈述不同意见']) {
      expect(toMember).toContain(text);
      expect(toAgent).not.toContain(text);
    }
    expect(toAgent).toContain('此时看不到报告内容');
  });
});

test('a call is shown to those whom it rang for, until it is answered', async () => {
  const golden = goldenReplay('signed-reports');
  const replay = replayOf(golden);
  replay.goToLine(golden.table.marks.find(({ code }) => code === 'call')?.seq ?? 0);
  replay.lookAs('V1');
  const toStaff = await drawn(replay, 'L1');
  replay.lookAs('E1');

  expect(toStaff).toContain('正在呼叫工作人员 E2 设备故障');
  expect(await drawn(replay, 'L1')).not.toContain('正在呼叫工作人员');
});

test('an open talk is shown with who listens, and then as one that is over', async () => {
  const golden = goldenReplay('talks-told');
  const replay = replayOf(golden);
  const texts: string[] = [];
  for (let step = 0; step < replay.steps.length; step++) {
    replay.goToStep(step);
    const text = await drawn(replay, 'L2');
    if (text.includes('与代理机构通话') && text !== texts.at(-1)) texts.push(text);
  }
  const [asked, declined] = texts;
  const last = texts.at(-1);

  expect(asked).toContain('申请通话，等候见证旁听 代理机构 A1 与 E1 · 其他事务 · E1 申请');
  expect(declined).toMatch(/代理机构 A1 与 E1 其他事务 E1 未开启 [\d:]+ – [\d:]+ 未予通话/);
  expect(
    texts.some((text) => text.includes('正在通话 代理机构 A1 与全体评委 · 评审程序、评标纪律 · A1 申请 · W1 旁听')),
  ).toBe(true);
  expect(last).toContain('正在通话 代理机构 A1 与 E1 · 澄清、说明、补正的办理 · E1 申请 · W2 旁听');
  expect(last).toMatch(/代理机构 A1 与 E2 评审资料、系统使用 E2 W2 [\d:]+ – [\d:]+ 见证人员不再旁听，已结束/);
});

test('what is recorded is shown at the moment, and when it was broken off', async () => {
  const golden = goldenReplay('recorded');
  const replay = replayOf(golden);
  const gap = golden.lines.findIndex(({ event }) => event.type === 'recording_gap' && event.alias === 'W1');
  replay.goToLine(golden.lines.findIndex(({ event }) => event.type === 'recording_gap'));
  const broken = await drawn(replay, 'L1');
  replay.goToLine(gap + 3);
  const both = await drawn(replay, 'L1');
  replay.goToLine(golden.lines.length - 1);
  const last = await drawn(replay, 'L1');

  expect(broken).toMatch(/录音录像 11 个席位（含场地摄像机）正在录制，中断 1 次/);
  expect(broken).toMatch(/E2 ● 正在录制，自 \d+ ! 未录制，自 \d+：没有信号，可能未打开/);
  expect(broken).toMatch(/E2 摄像头 \d+ – 未恢复 没有信号，可能未打开 查看当时/);
  expect(both).toMatch(/W1 麦克风 (\d+) – (?!\1)\d+ 音视频连接中断/);
  expect(last).toContain('中断 3 次');
});

test('who has left sees the last state, who comes later nothing before', async () => {
  const golden = goldenReplay('replaced-members');
  const replay = replayOf(golden);
  replay.lookAs('E1');
  expect(await drawn(replay, 'L1')).toContain('E1 已退出评审，此后不再看到新的内容');
  replay.lookAs('E6');
  replay.goToStep(10);
  expect(await drawn(replay, 'L1')).toContain('此时席位 E6 还没有排定');
});
