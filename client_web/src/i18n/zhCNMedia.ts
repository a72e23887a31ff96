/** 声音和画面。 */

export const media = {
  media: {
    controls: '本机麦克风和摄像头',
    microphone: '麦克风',
    camera: '摄像头',
    on: '开',
    off: '关',
    starting: '启动中',
    failed: '不可用',
    retry: '重试',
    settings: '设置',
    settings_title: '声音和画面设置',
    hand_lowered: '{by} 已把您举起的手放下。',
    resting: '独立填写期间和暂停期间，评委之间互相看不到、听不到；结束后自动恢复。',
    reconnecting: '声音和画面中断，正在自动恢复。',
    gesture: { title: '声音还没有打开。', open: '打开声音' },
    trouble: {
      denied: {
        title: '浏览器没有允许使用{device}。',
        what_to_do: '请点击地址栏左侧的图标，把{device}改为“允许”，再按“重试”。',
      },
      missing: { title: '没有找到{device}。', what_to_do: '请检查{device}是否接好；接好后会自动使用。' },
      in_use: { title: '{device}正被其他程序占用。', what_to_do: '请关闭正在使用它的程序，再按“重试”。' },
      insecure: {
        title: '用这个网址不能使用{device}。',
        what_to_do: '请用以 https 开头的网址打开本页，或请现场工作人员协助。',
      },
      failed: { title: '{device}没有启动。', what_to_do: '请重新插拔{device}，再按“重试”；仍然不行请找现场工作人员。' },
    },
  },
  hands: {
    title: '举手的席位（按先后）',
    raise: '举手',
    put_down: '放下手',
    lower: '放下',
    shortcut: '快捷键：同时按 {alt} 和 {key}',
  },
  talk: {
    setting: '按住说话',
    hint: '麦克风平时关闭；按住空格键或“按住说话”按钮时打开。正在输入文字或焦点在按钮上时，空格键照常使用。',
    hold: '按住说话',
    talking: '正在说话，松开即关闭',
  },
};
