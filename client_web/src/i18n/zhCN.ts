/** Chinese, the language of the field. */

import { expert } from './zhCNExpert';
import { media } from './zhCNMedia';
import { operators } from './zhCNOperators';
import { page } from './zhCNPage';
import { refusals } from './zhCNRefusals';
import { replay } from './zhCNReplay';
import { results } from './zhCNResults';

export const zhCN = { ...page, ...media, ...expert, ...operators, ...results, ...replay, ...refusals };

/** What every language has to say. */
export type Messages = typeof zhCN;
