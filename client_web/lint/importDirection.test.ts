import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { importDirection } from './importDirection.js';

/** The rules that one import breaks, in a file of that folder. */
function brokenRules(filename: string, code: string): (string | null)[] {
  return new Linter().verify(code, [{ files: ['**/*.ts'] }, ...importDirection], { filename }).map((m) => m.ruleId);
}

describe('importDirection', () => {
  it.each([
    ['src/session/fold.ts', "import { x } from '../ui/App.vue';"],
    ['src/session/fold.ts', "import { x } from '../media/peer.js';"],
    ['src/session/fold.ts', "import { t } from '../i18n/zh.js';"],
    ['src/session/deep/fold.ts', "export * from '../../replay/clock.js';"],
    ['src/session/fold.ts', "import { ref } from 'vue';"],
    ['src/session/fold.ts', "import { ref } from '@vue/reactivity';"],
    ['src/media/peer.ts', "import { x } from '../replay/clock.js';"],
    ['src/media/peer.ts', "import { useI18n } from 'vue-i18n';"],
    ['src/replay/clock.ts', "import { x } from '../media/peer.js';"],
    ['src/protocol/generated.ts', "import { x } from '../session/fold.js';"],
    ['src/i18n/zh.ts', "import { x } from '../session/fold.js';"],
  ])('refuses an arrow that points up or sideways: %s: %s', (filename, code) => {
    expect(brokenRules(filename, code)).toEqual(['no-restricted-imports']);
  });

  it.each([
    ['src/session/fold.ts', "import { x } from '../protocol/generated.js';"],
    ['src/session/fold.ts', "import { x } from './merkleTree.js';"],
    ['src/media/peer.ts', "import { x } from '../session/fold.js';"],
    ['src/replay/clock.ts', "import { x } from '../session/fold.js';"],
    [
      'src/ui/room.ts',
      "import { x } from '../media/peer.js'; import { t } from '../i18n/zh.js'; import { ref } from 'vue';",
    ],
    ['src/ui/room.ts', "await import('../replay/clock.js');"],
    ['src/i18n/zh.ts', "import { createI18n } from 'vue-i18n';"],
    ['src/main.ts', "import { createApp } from 'vue'; import { x } from './ui/App.vue';"],
  ])('lets an arrow point down: %s: %s', (filename, code) => {
    expect(brokenRules(filename, code)).toEqual([]);
  });

  it('refuses a lazy import below ui, where the rule for imports would not see it', () => {
    expect(brokenRules('src/media/peer.ts', "await import('../ui/App.vue');")).toEqual(['no-restricted-syntax']);
  });
});
