/** Structural sharing: what has not changed stays the same object, so that nothing is drawn again for it. */

/** The next value, with every part of the previous one that equals it. */
export function keepSame<T>(previous: T, next: T): T {
  if (Object.is(previous, next) || !isPlain(previous) || !isPlain(next)) return next;
  const [before, after] = [previous as Fields, next as Fields];
  const names = Object.keys(after);
  const shared: Fields = Array.isArray(next) ? ([] as unknown as Fields) : {};
  for (const name of names) shared[name] = keepSame(before[name], after[name]);
  const isSame =
    names.length === Object.keys(before).length &&
    names.every((name) => Object.hasOwn(before, name) && shared[name] === before[name]);
  return isSame ? previous : (shared as T);
}

type Fields = Record<string, unknown>;

/** Arrays and object literals; streams and the like are themselves. */
function isPlain(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}
