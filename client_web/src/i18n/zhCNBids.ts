/** Chinese: bids that are read beside the work. */

export const bids = {
  bids: {
    title: '投标文件',
    none: '本标段没有导入投标文件，请按现场安排查阅。',
    read: '查看投标 {bid} 的文件',
    file_title: '投标 {bid}：{title}',
    files_of: '投标 {bid} 的全部文件',
    close: '✕ 返回评审页面',
    moved: '评审步骤有变化，请返回评审页面查看。',
    mark: '{alias} {time}',
  },
};
