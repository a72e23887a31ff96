/** English: walls of supervision halls. */

import type { walls as chinese } from './zhCNWalls';

export const walls: typeof chinese = {
  walls: {
    title: 'Supervision walls',
    lead: 'Lets the wall of a supervision hall show this room by a player (WHEP): what your seat sees and hears, but for screens that the chair or another member shares. The other seats are not told. What is given, played and withdrawn stands in the record, for auditors.',
    none: 'No wall shows this room yet.',
    give: 'Give a pass',
    give_confirm: 'Give',
    give_text:
      'A pass is addresses and a token. Whoever is before the wall sees and hears what your seat may see and hear at that moment. Make sure that only people with the right to supervise are there.',
    place: 'Where the wall is',
    place_hint: "For example: supervision hall of the city's trading centre",
    pass_title: 'Connect a wall: {place}',
    use: 'Choose “WHEP” in the player. Each player takes the address of one picture, and the token (bearer token). Pictures of seats come in VP8, those of room cameras mostly in H.264, sound in Opus.',
    picture: 'Picture',
    screen_of: '{alias} {who}: shared screen',
    address: 'Address',
    copy_all: 'Copy all {count} addresses',
    token: 'Token',
    once: 'The token is shown this once. It is good no more once the pass is withdrawn, your seat is moved to another computer, or the room is closed.',
    no_token: 'The token is shown only when the pass is given. If it is lost, withdraw the pass and give a new one.',
    done: 'Done',
    given: 'Pass {wall}, given by {by} at {time}',
    no_players: 'No player is connected',
    players: 'Playing',
    player: '{alias} {picture}, since {time}',
    addresses: 'Addresses',
    withdraw: 'Withdraw',
    withdraw_title: 'Withdraw the pass: {place}',
    withdraw_text: 'Pictures and sound that are being played stop at once, and the token is good no more.',
    withdrawn: 'The pass of {place} is withdrawn.',
  },
};
