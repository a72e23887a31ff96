/** A seat whose media are started in the small world, and a server that offers. */

import { createMedia } from '../createMedia';
import { MediaWorld, settled } from './mediaWorld';
import { offerOf } from './sdp';

export const SEAT = {
  room: 'r1',
  token: () => 'token',
  key: { fingerprint: 'f'.repeat(64), signJoin: () => Promise.resolve(new Uint8Array(64)) },
  isExpected: () => true,
};

/** A seat whose media were started. */
export async function started(world = new MediaWorld()) {
  const media = createMedia(SEAT, world.surroundings);
  media.start();
  await settled();
  world.wire.open();
  return { world, media };
}

/** The server offers, the page answers. */
export async function offer(
  world: MediaWorld,
  connection = 77,
  revision = 1,
  sdp = offerOf(['W1', 'E3']),
): Promise<void> {
  world.wire.say({ type: 'media_offer', connection, revision, sdp });
  await settled();
}

/** A seat that sees the others. */
export async function connected(world = new MediaWorld()) {
  const seat = await started(world);
  await offer(world);
  world.peer.become('connected');
  return seat;
}
