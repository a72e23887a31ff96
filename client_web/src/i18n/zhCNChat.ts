/** 评委会文字交流。 */

export const chat = {
  chat: {
    title: '评委会文字交流',
    lead: '评委之间可见，见证和监督人员可以查看。全部内容写入记录，不能撤回。',
    log: '已发出的文字',
    empty: '还没有人发过文字。',
    close: '收起',
    label: '写给评委会',
    send: '发送',
    left: '还可以写 {count} 字',
    too_long: '超出 {count} 字，请分次发送',
    unread: '{count} 条未读',
    unread_said: '评委会文字交流有 {count} 条未读。',
    silence: {
      reads: '您可以查看，不能发送。',
      unconfirmed: '席位经工作人员确认后才能发送。',
      before_check_in: '签到开始后才能发送。',
      paused: '评标已暂停，恢复后才能发送。',
      alone: '独立填写期间，评委之间不能交流文字；结束后可以继续。',
      closed: '评标室已关闭，不能再发送。',
    },
  },
};
