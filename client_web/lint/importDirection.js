/**
 * The direction of imports as lint rules: `ui > replay | media > session > protocol`, and `i18n` for `ui` alone.
 *
 * A folder may import those of the layers below its own, never above and never beside it; Vue lives in `ui` and `i18n`.
 * `src/main.ts` puts the page together and may import all.
 */

/** From the bottom up. */
const LAYERS = [['protocol'], ['session'], ['replay', 'media'], ['i18n'], ['ui']];

/** The folders that may know the framework. */
const KNOW_VUE = ['i18n', 'ui'];

/** What `i18n` is built on: nothing of ours. */
const STANDS_ALONE = ['i18n'];

const FOLDERS = LAYERS.flat();

/** @param {string} folder */
function allowedFolders(folder) {
  if (STANDS_ALONE.includes(folder)) return [folder];
  const below = LAYERS.slice(
    0,
    LAYERS.findIndex((layer) => layer.includes(folder)),
  );
  return [...below.flat(), folder];
}

/** @param {string} folder */
function forbiddenImports(folder) {
  const above = FOLDERS.filter((other) => !allowedFolders(folder).includes(other));
  const patterns = [];
  if (above.length > 0) {
    patterns.push({
      regex: `^(\\.{1,2}/)+(${above.join('|')})(/|$)`,
      message: `${folder}/ imports nothing from above or beside it.`,
    });
  }
  if (!KNOW_VUE.includes(folder)) {
    patterns.push({ regex: '^(vue|@vue|vue-[^/]+)(/|$)', message: `${folder}/ works without Vue.` });
  }
  return patterns;
}

/**
 * One configuration a folder.
 *
 * `no-restricted-imports` does not see `import()`, so the layers below `ui` may not use it.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const importDirection = FOLDERS.map((folder) => ({
  name: `lianping/import-direction/${folder}`,
  files: [`**/src/${folder}/**/*.{ts,js,vue}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: forbiddenImports(folder) }],
    ...(folder !== 'ui' && {
      'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'Only ui/ loads parts lazily.' }],
    }),
  },
}));
