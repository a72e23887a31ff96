/** Chinese: room cameras. */

export const cameras = {
  cameras: {
    title: '场地摄像机',
    none: '还没有场地摄像机。',
    add: '添加场地摄像机',
    add_confirm: '添加',
    add_text:
      '场地摄像机拍摄整个场地，声音和画面只给见证人员、行政监督和管理员，并全程录制。评委看不到画面，但会知道场地有摄像机。',
    usual_label: '场地全景',
    venue: '场地',
    label: '画面名称',
    connect: '接入',
    withdraw: {
      open: '撤销令牌',
      title: '撤销场地摄像机 {camera} {label} 的令牌',
      text: '令牌立即失效，正在用它推流的立即断开。摄像机仍在列表中；再次点“接入”可发放新令牌。',
      done: '{camera} 的令牌已撤销。',
    },
    remove: '移除',
    remove_title: '移除场地摄像机 {camera} {label}',
    remove_text: '画面和录制立即停止，已录制的内容保留。这个编号不再使用。',
    state: {
      waiting: '还没有信号',
      interrupted: '信号中断',
      paused: '网络不畅，暂停接收画面',
      sound_only: '只有声音，没有画面',
      live: '正在接收',
    },
    pass: {
      title: '接入场地摄像机 {camera} {label}',
      use: '在编码器或 OBS 中选择“WHIP”服务，填写下面的服务器地址和令牌（Bearer Token），然后开始推流。',
      address: '服务器地址',
      pass: '令牌',
      copy: '复制',
      copied: '已复制',
      once: '令牌只显示这一次，{time} 前有效。再次点“接入”会发放新令牌，原令牌立即失效，正在推流的也会断开。',
      done: '已填好',
    },
  },
};
