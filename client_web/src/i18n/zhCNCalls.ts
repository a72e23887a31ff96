/** Chinese: calling the staff, at the seat that calls and at the desk that answers. */

export const calls = {
  calls: {
    call: '呼叫工作人员',
    choose: '请选择原因，按下后立即通知本场工作人员。',
    not_confirmed: '席位确认之后才能在这里呼叫。现在请举手示意，由本场工作人员处理。',
    called_already: '已呼叫',
    need: { device: '设备故障', network: '网络或音视频问题', unwell: '身体不适', other: '其他' },
    waiting: '已呼叫，工作人员会到您的席位来。',
    answered: '工作人员已应答，正在前来。',
    desk: '呼叫',
    title: '（呼叫）{seats}',
    calling: '正在呼叫：{need}',
    since: '已等候',
    answer: '应答',
    elsewhere: '由{venue}处理',
    notice: '呼叫工作人员：{needs}。由{venue}处理。',
    bell: { on: '呼叫铃声已开启，点此静音', off: '呼叫铃声已关闭，点此开启' },
  },
};
