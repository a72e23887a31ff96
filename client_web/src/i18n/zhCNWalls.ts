/** Chinese: walls of supervision halls. */

export const walls = {
  walls: {
    title: '监督大屏',
    lead: '让监督大厅的大屏用播放器（WHEP 协议）播放本评标室，所见所闻与您的席位相同，评委（含组长）共享的屏幕除外。其他席位不知道；发放、播放和撤销都写入记录，供审计查阅。',
    none: '还没有大屏在播放本评标室。',
    give: '发放播放凭证',
    give_confirm: '发放',
    give_text:
      '凭证给出播放地址和一个令牌。大屏前的人能看到和听到您的席位此刻能看到和听到的内容，请确认那里只有有权监督的人。',
    place: '大屏所在位置',
    place_hint: '例如：市公共资源交易中心监督大厅',
    pass_title: '接入监督大屏：{place}',
    use: '在播放器中选择“WHEP”，每个播放器填写一路画面的地址和令牌（Bearer Token）。席位的画面是 VP8，场地摄像机多为 H.264，声音是 Opus。',
    picture: '画面',
    screen_of: '{alias} {who}共享的屏幕',
    address: '播放地址',
    copy_all: '复制全部 {count} 个地址',
    token: '令牌',
    once: '令牌只显示这一次。撤销凭证、您的席位换电脑或评标室关闭后，令牌立即失效。',
    no_token: '令牌只在发放时显示一次。遗失的，请撤销后重新发放。',
    done: '已填好',
    given: '凭证 {wall}，{by} 于 {time} 发放',
    no_players: '没有播放器连接',
    players: '正在播放',
    player: '{alias} {picture}，{time} 起播放',
    addresses: '查看地址',
    withdraw: '撤销',
    withdraw_title: '撤销播放凭证：{place}',
    withdraw_text: '撤销后，正在播放的画面和声音立即停止，令牌失效。',
    withdrawn: '{place} 的播放凭证已撤销。',
  },
};
