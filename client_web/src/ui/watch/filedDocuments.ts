/** The sealed reports and the records of their signing that this viewer may read. */

import type { DocumentFile, LotId, RoomView } from '../../protocol/generated';
import { entry } from '../../session/roomView';
import { lotIds } from '../committee';

export interface FiledDocument {
  readonly lot: LotId;
  readonly kind: 'report' | 'signing_record';
  readonly file: DocumentFile;
}

/** In the order of the lots; the report before the record of its signing. */
export function filedDocuments(view: RoomView): FiledDocument[] {
  return lotIds(view).flatMap((lot): FiledDocument[] => {
    const filed = entry(view.lots, lot)?.report?.filed ?? null;
    if (filed === null) return [];
    return [
      { lot, kind: 'report', file: filed.report },
      { lot, kind: 'signing_record', file: filed.signing_record },
    ];
  });
}
