/** Exact decimals, as points and weights are: an integer and how many of its digits stand after the point. */

/** `units` / 10^`places`. */
export interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

export const ZERO: Decimal = { units: 0n, places: 0 };

const FULL_WIDTH_OFFSET = 0xfee0;

/**
 * What a person typed, as half-width text: `１２．５` and `12。5` become `12.5`.
 *
 * Nothing is guessed: letters and signs stay, to be pointed out.
 */
export function normalised(typed: string): string {
  return typed
    .replace(/[！-～]/g, (char) => String.fromCharCode(char.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/[。·、,]/g, '.')
    .replace(/[\s\u3000]/g, '');
}

/** The decimal that a text is, such as `13.50`; null for any other text. */
export function parsed(text: string): Decimal | null {
  const [, whole, fraction = ''] = /^(-?\d{1,15})(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  return whole === undefined ? null : { units: BigInt(whole + fraction), places: fraction.length };
}

/** The decimal of a text that is one, such as those of the scheme. */
export function decimal(text: string): Decimal {
  const number = parsed(text);
  if (number === null) throw new RangeError(`${text} is no decimal.`);
  return number;
}

export function sum(numbers: readonly Decimal[]): Decimal {
  return numbers.reduce((total, number) => {
    const places = Math.max(total.places, number.places);
    return { units: unitsAt(total, places) + unitsAt(number, places), places };
  }, ZERO);
}

export function product(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, places: a.places + b.places };
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. */
export function compared(a: Decimal, b: Decimal): number {
  const places = Math.max(a.places, b.places);
  const difference = unitsAt(a, places) - unitsAt(b, places);
  return difference < 0n ? -1 : Number(difference > 0n);
}

export function isMultiple(number: Decimal, unit: Decimal): boolean {
  const places = Math.max(number.places, unit.places);
  return unitsAt(number, places) % unitsAt(unit, places) === 0n;
}

/** As people write it: no zeros at the end. */
export function shown({ units, places }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return (units < 0n ? '-' : '') + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** Texts of one column with as many decimals as the longest of them, so that points stand below points. */
export function aligned(texts: readonly string[]): string[] {
  const places = Math.max(0, ...texts.map((text) => parsed(text)?.places ?? 0));
  return texts.map((text) => {
    const number = parsed(text);
    if (number === null || number.places === places) return text;
    return number.places === 0 ? `${text}.${'0'.repeat(places)}` : text + '0'.repeat(places - number.places);
  });
}

/** Rounded half up by the magnitude, for reading only; a text that is no decimal stays. */
export function rounded(text: string, places: number): string {
  const number = parsed(text);
  if (number === null || number.places <= places) return text;
  const divisor = 10n ** BigInt(number.places - places);
  const magnitude = (number.units < 0n ? -number.units : number.units) + divisor / 2n;
  const units = (magnitude / divisor) * (number.units < 0n ? -1n : 1n);
  return shown({ units, places });
}

function unitsAt(number: Decimal, places: number): bigint {
  return number.units * 10n ** BigInt(places - number.places);
}
