/** The steps of a calculation as sentences: which message, and what stands in it. */

import type { Group, Step } from '../../protocol/generated';
import { titleOf } from '../sheets/criteria';

/** One sentence; `key` is a message, `values` stand in its places. */
export interface TraceSentence {
  readonly key: `trace.${Step['code']}`;
  readonly values: Readonly<Record<string, string>>;
}

/** What a list is put together with, in the language of the page. */
export interface ListStyle {
  readonly separator: string;
  readonly bid: (bid: string) => string;
}

/** Decimals that are shown; the calculation has all of them. */
const SHOWN_PLACES = 6;

/** The sentence of a step. */
export function traceSentence(step: Step, root: Group, style: ListStyle): TraceSentence {
  const operands = Object.entries(step.operands ?? {});
  return {
    key: `trace.${step.code}`,
    values: {
      ...Object.fromEntries(operands.map(([name, value]) => [name, shortened(value)])),
      bid: step.bid === undefined ? '' : style.bid(step.bid),
      node: step.node === undefined ? '' : titleOf(root, step.node),
      who: step.who ?? '',
      result: shortened(step.result),
      list: operands.map(([name, value]) => `${titleOf(root, name)} ${shortened(value)}`).join(style.separator),
    },
  };
}

/** A decimal text with no more places than people read; cut ones end in dots. */
export function shortened(text: string): string {
  const point = text.indexOf('.');
  if (point < 0 || text.length - point - 1 <= SHOWN_PLACES) return text;
  return `${text.slice(0, point + 1 + SHOWN_PLACES)}…`;
}
