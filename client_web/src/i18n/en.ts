/** English, complete. */

import { calls } from './enCalls';
import { expert } from './enExpert';
import { media } from './enMedia';
import { operators } from './enOperators';
import { page } from './enPage';
import { pdf } from './enPdf';
import { refusals } from './enRefusals';
import { replay } from './enReplay';
import { results } from './enResults';
import { watch } from './enWatch';
import type { Messages } from './zhCN';

export const en: Messages = {
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
