import { expect, test } from 'vitest';

import { askAsOperator, forgetOperator, keepOperator, keptOperator, type KeptOperator } from './operatorSession';

const OPERATOR: KeptOperator = { operator: { id: 'op-1', name: '孙晓梅', venue: 'qingyuan' }, token: 'old' };

/** A window's storage. */
function emptyStorage(): Storage {
  const held = new Map<string, string>();
  return {
    get length() {
      return held.size;
    },
    clear: () => {
      held.clear();
    },
    getItem: (name) => held.get(name) ?? null,
    key: (index) => [...held.keys()][index] ?? null,
    removeItem: (name) => {
      held.delete(name);
    },
    setItem: (name, value) => {
      held.set(name, value);
    },
  };
}

/** A server that takes the token `good` only, and renews `old`. */
function server(asked: string[]): typeof fetch {
  return (input, init) => {
    const path = input as string;
    const token = new Headers(init?.headers).get('Authorization')?.slice('Bearer '.length) ?? '';
    asked.push(`${path} ${token}`);
    if (path === '/api/operator/token' && token === 'old') return answer(200, { token: 'good' });
    return token === 'good' ? answer(200, { rooms: [] }) : answer(401, { code: 'token_expired', text: '' });
  };
}

function answer(status: number, body: unknown): Promise<Response> {
  return Promise.resolve(new Response(JSON.stringify(body), { status }));
}

test('a token that has ended is renewed and kept, and the question asked again', async () => {
  const storage = emptyStorage();
  const asked: string[] = [];
  keepOperator(OPERATOR, storage);

  const got = await askAsOperator('/api/rooms', {}, server(asked), storage);

  expect(got).toEqual({ ok: true, body: { rooms: [] } });
  expect(asked).toEqual(['/api/rooms old', '/api/operator/token old', '/api/rooms good']);
  expect(keptOperator(storage)).toEqual({ ...OPERATOR, token: 'good' });
});

test('a token that cannot be renewed is a refusal', async () => {
  const storage = emptyStorage();
  keepOperator({ ...OPERATOR, token: 'foreign' }, storage);

  const got = await askAsOperator('/api/rooms', {}, server([]), storage);

  expect(got).toEqual({ ok: false, code: 'token_expired', body: { code: 'token_expired', text: '' } });
});

test('without an operator nobody is asked', async () => {
  const storage = emptyStorage();
  const asked: string[] = [];
  keepOperator(OPERATOR, storage);
  forgetOperator(storage);

  const got = await askAsOperator('/api/rooms', {}, server(asked), storage);

  expect(got).toEqual({ ok: false, code: 'token_expired', body: null });
  expect(asked).toEqual([]);
});
