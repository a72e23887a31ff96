/** Which page an address shows. Few addresses need no library. */

import { shallowRef, type Component, type ShallowRef } from 'vue';

import type { Role, RoomId } from '../protocol/generated';
import type { RoomPort } from './roomPort';

export type Route =
  | { readonly page: 'entry' | 'console' | 'demo' | 'precheck' | 'wall' }
  | { readonly page: 'room'; readonly room: RoomId };

/** The route of a path; any other path leads to the door. */
export function routeOf(path: string): Route {
  if (path === '/console') return { page: 'console' };
  if (path === '/demo') return { page: 'demo' };
  if (path === '/precheck') return { page: 'precheck' };
  if (path === ROOMS_PATH) return { page: 'wall' };
  const [, room] = /^\/room\/([A-Za-z0-9_-]+)\/?$/.exec(path) ?? [];
  return room === undefined ? { page: 'entry' } : { page: 'room', room };
}

/** The path of the page with many rooms. */
export const ROOMS_PATH = '/wall';

/** The path of a room's page. */
export function roomPath(room: RoomId): string {
  return `/room/${room}`;
}

const current = shallowRef<Route>({ page: 'entry' });

/** The present route; follows the browser's back and forward. */
export function useRoute(): ShallowRef<Route> {
  current.value = routeOf(location.pathname);
  window.addEventListener('popstate', () => {
    current.value = routeOf(location.pathname);
  });
  return current;
}

/** Shows another page. */
export function goTo(path: string): void {
  history.pushState(null, '', path);
  current.value = routeOf(path);
}

/** The pages that stand alone and are loaded when they are looked at. */
export const PAGES: Readonly<Record<'console' | 'demo' | 'precheck' | 'wall', () => Promise<{ default: Component }>>> =
  {
    console: () => import('./desk/DeskPage.vue'),
    demo: () => import('./demo/DemoLobby.vue'),
    precheck: () => import('./precheck/PrecheckPage.vue'),
    wall: () => import('./manyRooms/ManyRoomsPage.vue'),
  };

/** A page inside the room's shell. */
type RoomPageLoader = () => Promise<{ default: Component<{ room: RoomPort }> }>;

const expert: RoomPageLoader = () => import('./expert/ExpertPage.vue');
const operator: RoomPageLoader = () => import('./console/ConsolePage.vue');

/** The roles whose page shows every seat itself, so that the shell need not. */
export const SEATS_ON_PAGE: readonly Role[] = [
  'host_operator',
  'venue_operator',
  'agent',
  'witness',
  'supervisor',
  'auditor',
];

/** The roles whose page shows the steps of another moment once the room is closed. */
export const STEPS_ON_PAGE: readonly Role[] = ['auditor'];

/** What each role works with. Another page for a role is another line here. */
export const ROOM_PAGES: Readonly<Record<Exclude<Role, 'chair'>, RoomPageLoader>> = {
  expert,
  representative: expert,
  host_operator: operator,
  venue_operator: operator,
  agent: () => import('./watch/AgentPage.vue'),
  witness: () => import('./watch/WitnessPage.vue'),
  supervisor: () => import('./watch/SupervisorPage.vue'),
  auditor: () => import('./replay/AuditorPage.vue'),
};
