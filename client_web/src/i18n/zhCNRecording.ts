/** Chinese: what is recorded and what is not. */

export const recording = {
  recording: {
    kind: { audio: '麦克风', video: '摄像头' },
    and: '、',
    gap: {
      never: '尚未开始录制',
      not_wanted: '已停止录制',
      disconnected: '音视频连接中断',
      silent: '没有信号，可能未打开',
      no_key_frame: '画面不完整',
      disk_full: '服务器存储空间已满',
      disk_slow: '服务器存储过慢',
      disk_failed: '服务器存储故障',
      media_process_ended: '音视频服务中断，正在恢复',
      server_restarted: '服务器曾重新启动，正在恢复',
    },
    part: { audio: '录音', video: '画面', screen: '屏幕录像', masked_audio: '变声录音', masked_video: '遮挡画面' },
    and_then: '、',
    length: { hours: '{count} 小时', minutes: '{count} 分', seconds: '{count} 秒' },
    check: {
      title: '录音录像检查',
      running: '正在检查录音录像…',
      progress: '正在检查录音录像：已查 {examined} / {pieces} 段',
      failed: '录音录像未能检查。可以返回后重试；直接关闭时，系统还会检查一次并记录结果。',
      partly: '只检查了 {pieces} 段中的 {examined} 段。',
      clean: '没有发现缺录、静止、黑屏或无声。',
      never: '的{part}从未录下',
      gaps: '的{part}有 {length}没有录下',
      still: '的{part}有 {length}是静止的',
      dark: '的{part}有 {length}是黑的',
      silent: '的{part}有 {length}没有任何声音',
      unreadable: '的{part}有 {count} 段无法解码',
      apart: '（其中 {length}在独立评审或暂停期间，属正常）',
      more: '等',
    },
    own: {
      title: '您的{devices}没有被录制，现在不能提交。',
      text: '请打开摄像头和麦克风。若已打开，请稍候几秒；仍未恢复的，请呼叫工作人员。',
    },
    missing: {
      title: '未被录制的席位',
      waits: '成员的摄像头、麦克风未被录制时，不能提交选票和评审表。',
    },
    space: {
      title: '录音录像的存储空间约剩 {minutes} 分钟。',
      text: '请尽快清理服务器磁盘；剩余 5 分钟时系统自动暂停评标室。',
    },
  },
};
