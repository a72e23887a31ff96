/** Chinese, the language of the field. */

import { expert } from './zhCNExpert';
import { operators } from './zhCNOperators';
import { page } from './zhCNPage';
import { refusals } from './zhCNRefusals';
import { results } from './zhCNResults';

export const zhCN = { ...page, ...expert, ...operators, ...results, ...refusals };

/** What every language has to say. */
export type Messages = typeof zhCN;
