/** What a page may ask of a dialog that it holds by a template reference. */
export interface Opens<Arguments extends unknown[] = []> {
  readonly open: (...given: Arguments) => unknown;
}

/** A dialog that can be put away again from outside. */
export interface OpensAndCloses extends Opens {
  readonly close: () => void;
}
