/** The storage of one page. */
export function pageStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    length: 0,
    key: () => null,
    clear: () => {
      kept.clear();
    },
    removeItem: (name) => {
      kept.delete(name);
    },
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => {
      kept.set(name, value);
    },
  };
}
