/** Chinese: the pages of those who watch: witness, agent, supervisor. */

export const watch = {
  overview: {
    seat: { vacant: '未登记', unconfirmed: '未确认', confirmed: '已确认', present: '在席', away: '断线' },
    enlarge: '放大画面',
    picture: '席位 {seat} 的画面 · {venue}',
    no_picture: '现在没有画面。',
    progress: '评标进度',
    step: {
      check_in: '签到',
      chair_election: '推选组长',
      examination: '初步评审',
      scoring: '打分',
      prices: '价格评审',
      summary: '汇总与锁定',
      signing: '评标报告与签署',
    },
    step_state: { done: '已完成', current: '进行中', ahead: '未开始' },
    parts: '{done}/{all} 人',
    missing: '还差：',
    signing: '签署情况',
    signed: '第 {version} 版，已结束签署 {ended}/{all} 人',
    sealed: '已封存。',
    not_signed: '尚未签署',
    dissent: '不同意见：',
    minute: '组长记录：',
    changes: '成员变更',
    change: '{member} 由 {successor} 接替',
    verdicts: '各成员的初步评审意见',
    returned: '退回重评的理由',
    unseen: '其他席位看不到您是否在线，也看不到、听不到您。',
  },
};
