/** English, complete. */

import { bids } from './enBids';
import { expert } from './enExpert';
import { media } from './enMedia';
import { operators } from './enOperators';
import { page } from './enPage';
import { pdf } from './enPdf';
import { refusals } from './enRefusals';
import { results } from './enResults';
import type { Messages } from './zhCN';

export const en: Messages = { ...page, ...pdf, ...media, ...expert, ...bids, ...operators, ...results, ...refusals };
