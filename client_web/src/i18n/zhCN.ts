/** Chinese, the language of the field. */

import { bids } from './zhCNBids';
import { expert } from './zhCNExpert';
import { media } from './zhCNMedia';
import { operators } from './zhCNOperators';
import { page } from './zhCNPage';
import { pdf } from './zhCNPdf';
import { refusals } from './zhCNRefusals';
import { results } from './zhCNResults';

export const zhCN = { ...page, ...pdf, ...media, ...expert, ...bids, ...operators, ...results, ...refusals };

/** What every language has to say. */
export type Messages = typeof zhCN;
