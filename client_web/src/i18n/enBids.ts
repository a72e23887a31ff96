/** English: bids that are read beside the work. */

export const bids = {
  bids: {
    title: 'Bids',
    none: 'No files of bids were imported for this lot. Read them as arranged at your venue.',
    read: 'Read the files of bid {bid}',
    file_title: 'Bid {bid}: {title}',
    files_of: 'All files of bid {bid}',
    close: '✕ Back to the evaluation',
    moved: 'The proceeding has moved on: please go back and look.',
    mark: '{alias} {time}',
  },
};
