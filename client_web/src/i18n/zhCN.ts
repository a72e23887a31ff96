/** Chinese, the language of the field. */

import { bids } from './zhCNBids';
import { calls } from './zhCNCalls';
import { cameras } from './zhCNCameras';
import { chat } from './zhCNChat';
import { expert } from './zhCNExpert';
import { manyRooms } from './zhCNManyRooms';
import { media } from './zhCNMedia';
import { operators } from './zhCNOperators';
import { page } from './zhCNPage';
import { pdf } from './zhCNPdf';
import { precheck } from './zhCNPrecheck';
import { recording } from './zhCNRecording';
import { refusals } from './zhCNRefusals';
import { replay } from './zhCNReplay';
import { results } from './zhCNResults';
import { screens } from './zhCNScreens';
import { signing } from './zhCNSigning';
import { talks } from './zhCNTalks';
import { walls } from './zhCNWalls';
import { watch } from './zhCNWatch';

export const zhCN = {
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

/** What every language has to say. */
export type Messages = typeof zhCN;
