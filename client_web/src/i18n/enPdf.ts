/** English: a document shown page by page. */

export const pdf = {
  pdf: {
    loading: 'Opening the document …',
    page: 'Page {page}',
    page_of: 'Page {page} of {count}',
    page_failed: 'This page cannot be shown. Do not judge by it; ask the staff for help.',
    previous: 'Previous page',
    next: 'Next page',
    smaller: 'Smaller',
    larger: 'Larger',
    fit: 'Fit width',
    reload: 'Open again',
    problem: {
      altered:
        'Warning: the file that came is not the one named in the record, and is not shown. Sign nothing, judge nothing by it, and tell staff and witness at once.',
      missing: 'The server does not find this file. Please tell the staff.',
      unreachable:
        'The file cannot be fetched at the moment. Wait a little and open it again; if that does not help, tell the staff.',
      unreadable: 'This file is not a PDF that can be shown, or it is damaged. Please tell the staff.',
    },
  },
};
