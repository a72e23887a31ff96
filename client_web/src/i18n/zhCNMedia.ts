/** 声音和画面。 */

export const media = {
  media: {
    controls: '本机麦克风和摄像头',
    microphone: '麦克风',
    camera: '摄像头',
    loudspeaker: '扬声器',
    on: '开',
    off: '关',
    starting: '启动中',
    failed: '不可用',
    retry: '重试',
    settings: '设置',
    settings_title: '声音和画面设置',
    hand_lowered: '{by} 已把您举起的手放下。',
    resting: '独立填写期间和暂停期间，评委之间互相看不到、听不到；结束后自动恢复。',
    server_failing:
      '服务器的音视频服务接连中断，正在自动重新启动。恢复之前没有声音和画面，也不录音录像。请服务器管理人员查看服务器日志。',
    reconnecting: '声音和画面中断，正在自动重新连接。',
    unreached: {
      title: '声音和画面接不通，正在继续尝试。',
      here: 'Firefox 不经本机环回地址（127.0.0.1）传送声音和画面。请先把这台电脑接入任意一个网络（不必能上互联网），再重新启动服务器或演示并刷新本页；也可以改用最新版的 Chrome、Edge 打开本页。',
      elsewhere:
        '本页已连上服务器，但到不了它的音视频端口，多半是网络不放行 UDP。请找现场工作人员，或打开“入场前检测”（本服务器的 /precheck）查看哪条线路不通。',
    },
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
      unsupported: {
        title: '{device}：这个浏览器不支持本系统的格式（画面用 VP8，声音用 Opus）。',
        what_to_do: '因此不能收发这一类内容。请改用最新版的 Chrome、Edge 或工作人员指定的浏览器，重新打开本页。',
      },
      failed: { title: '{device}没有启动。', what_to_do: '请重新插拔{device}，再按“重试”；仍然不行请找现场工作人员。' },
    },
  },
  layout: {
    title: '画面布局',
    documents: '文件为主',
    main_venue: '主场为主',
    grid: '宫格',
    speaker: '发言者',
  },
  privacy: {
    covered: '已遮挡',
    voice_changed: '已变声',
    as_others_see: '别人看到的您',
    stalled: {
      picture:
        '画面遮挡暂停工作，其他成员现在只看到黑屏，看不到您的原始画面；正在自动重试。几秒后仍未恢复时，请关闭本机上其他占用较多的程序并刷新本页，或改用最新版的 Chrome、Edge。',
      voice:
        '变声暂停工作，其他成员现在听不到您说话，也听不到您的原声；正在自动重试。几秒后仍未恢复时，请接好耳机或音箱，检查系统的输出设备（Firefox 没有声音输出设备就不能变声），或改用最新版的 Chrome、Edge。',
    },
  },
  devices: {
    system: '由系统选择',
    nameless: '设备 {place}',
    in_use: '正在使用：{device}',
    preview: '您的画面',
    no_preview: '摄像头没有打开，没有画面。',
    level: '麦克风音量',
    level_hint: '请说几句话，色条应随声音移动。这里只在本机检测。',
    no_level: '麦克风没有启动，无法检测音量。',
    play: '播放测试声音',
    playing: '正在播放',
    play_failed: '这个扬声器无法播放，请改用其他扬声器。',
    lost: {
      microphone: '麦克风“{device}”已断开，现在改用其他麦克风；可以在“设置”中改选。',
      camera: '摄像头“{device}”已断开，现在改用其他摄像头；可以在“设置”中改选。',
      loudspeaker: '扬声器“{device}”已断开，现在使用系统扬声器。接好后会自动换回。',
    },
  },
  drops: {
    foreign:
      '席位 {alias}：收到大量冒用该席位或重复发送的数据，已全部拒收，声音、画面和记录不受影响。持续出现时，请检查该席位所在的网络。',
    unreadable:
      '席位 {alias}：发来大量无法识别的声音、画面数据，已拒收。请该席位刷新页面；仍然出现时，请改用工作人员指定的浏览器或换设备。',
    too_many:
      '席位 {alias}：发来的声音、画面数据过多，超出的部分已丢弃，可能断续。请检查该席位的电脑上是否有其他程序在发送数据。',
    strays:
      '服务器的声音、画面端口收到大量来历不明的数据，已全部拒收。声音、画面断续时，请网络管理人员在防火墙上拦截。',
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
