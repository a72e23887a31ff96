/** English, complete. */

import { expert } from './enExpert';
import { media } from './enMedia';
import { operators } from './enOperators';
import { page } from './enPage';
import { refusals } from './enRefusals';
import { replay } from './enReplay';
import { results } from './enResults';
import type { Messages } from './zhCN';

export const en: Messages = { ...page, ...media, ...expert, ...operators, ...results, ...replay, ...refusals };
