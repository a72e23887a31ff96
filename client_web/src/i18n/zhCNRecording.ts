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
