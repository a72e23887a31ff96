/** The masks of this browser. */

import type { Masks } from './mask';
import { maskPicture } from './picture/maskPicture';
import { maskVoice } from './voice/maskVoice';

export const browserMasks: Masks = { audio: maskVoice, video: maskPicture };
