/** Has the server examine the recordings, and tells how far it is until the result stands in the record. */

import { askServer } from '../askServer';
import type { RoomId } from '../../protocol/generated';

/** How far an examination is. */
export interface CheckProgress {
  readonly pieces: number;
  readonly examined: number;
  readonly done: boolean;
}

export interface CheckAsking {
  readonly room: RoomId;
  readonly token: string;
  readonly tell: (progress: CheckProgress) => void;
  readonly fetching?: typeof fetch;
  readonly wait?: (ms: number) => Promise<void>;
  /** Nobody waits any more. */
  readonly isOver?: () => boolean;
}

const AGAIN_MS = 700;

/** Whether the examination came to its end. */
export async function askCheck({
  room,
  token,
  tell,
  fetching = fetch,
  wait = sleep,
  isOver,
}: CheckAsking): Promise<boolean> {
  const path = `/api/rooms/${encodeURIComponent(room)}/recordings/check`;
  while (isOver?.() !== true) {
    const answer = await askServer<CheckProgress>(path, { method: 'POST', token }, fetching);
    if (!answer.ok) return false;
    tell(answer.body);
    if (answer.body.done) return true;
    await wait(AGAIN_MS);
  }
  return false;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
