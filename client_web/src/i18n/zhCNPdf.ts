/** Chinese: a document shown page by page. */

export const pdf = {
  pdf: {
    loading: '正在打开文件……',
    page: '第 {page} 页',
    page_of: '第 {page} 页，共 {count} 页',
    page_failed: '本页无法显示。请不要据此评审，并请工作人员协助。',
    previous: '上一页',
    next: '下一页',
    smaller: '缩小',
    larger: '放大',
    fit: '适合宽度',
    reload: '重新打开',
    problem: {
      altered:
        '警告：收到的文件与评标记录中登记的不一致，不予显示。请不要签名，也不要据此评审，并立即报告工作人员和见证人员。',
      missing: '服务器上找不到这份文件。请报告工作人员。',
      unreachable: '暂时取不到文件。请稍候再点“重新打开”；仍然不行的，请报告工作人员。',
      unreadable: '这份文件不是可以显示的 PDF 文件，或者已经损坏。请报告工作人员。',
    },
  },
};
