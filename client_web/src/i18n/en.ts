/** English, complete. */

import type { Messages } from './zhCN';
import { bids } from './enBids';
import { calls } from './enCalls';
import { cameras } from './enCameras';
import { chat } from './enChat';
import { expert } from './enExpert';
import { manyRooms } from './enManyRooms';
import { media } from './enMedia';
import { operators } from './enOperators';
import { page } from './enPage';
import { pdf } from './enPdf';
import { precheck } from './enPrecheck';
import { recording } from './enRecording';
import { refusals } from './enRefusals';
import { replay } from './enReplay';
import { results } from './enResults';
import { screens } from './enScreens';
import { signing } from './enSigning';
import { talks } from './enTalks';
import { walls } from './enWalls';
import { watch } from './enWatch';

export const en: Messages = {
  ...bids,
  ...calls,
  ...cameras,
  ...chat,
  ...expert,
  ...manyRooms,
  ...media,
  ...operators,
  ...page,
  ...pdf,
  ...precheck,
  ...recording,
  ...replay,
  ...results,
  ...screens,
  ...signing,
  ...talks,
  ...walls,
  ...watch,
  ...refusals,
};
