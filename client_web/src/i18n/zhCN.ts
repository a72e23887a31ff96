/** Chinese, the language of the field. */

import { calls } from './zhCNCalls';
import { expert } from './zhCNExpert';
import { media } from './zhCNMedia';
import { operators } from './zhCNOperators';
import { page } from './zhCNPage';
import { pdf } from './zhCNPdf';
import { refusals } from './zhCNRefusals';
import { replay } from './zhCNReplay';
import { results } from './zhCNResults';
import { watch } from './zhCNWatch';

export const zhCN = {
  ...page,
  ...media,
  ...calls,
  ...expert,
  ...watch,
  ...operators,
  ...results,
  ...pdf,
  ...replay,
  ...refusals,
};

/** What every language has to say. */
export type Messages = typeof zhCN;
