/**
 * Revisions of a certified report: each fills one member's empty field, and changes nothing else.
 *
 * A revision is appended, and could draw over every page before it. So it is read byte by byte: the member's field as
 * it was, with a new picture and a signature in it; the picture; the signature; and the table that finds these three
 * objects and no other. Whatever is not exactly of this form is refused. It is the form in which the server's pyHanko
 * (0.38) writes; another form is a new rule here.
 * Source: ISO 32000-2, 7.5.6 (incremental updates) and 12.8 (signatures).
 */

/** The bytes after the certified report are not signatures in its empty fields. */
export class RevisionForeign extends Error {
  override name = 'RevisionForeign';
}

/** One revision of a report. */
export interface FieldRevision {
  /** The name of the field that it fills. */
  readonly field: string;
  /** The place of the signature, with its angle brackets: all that the signature does not cover. */
  readonly hole: { readonly start: number; readonly end: number };
  /** Where the revision ends. */
  readonly end: number;
}

/** What the end of a revision says: how many objects there are, which are the first to be read, where its table is. */
interface Trailer {
  readonly size: number;
  readonly root: string;
  readonly info: string;
  readonly table: number;
}

/** Every byte is one character, so that places in bytes and in text are the same. */
const LATIN = new TextDecoder('latin1');

const FIELD = /^(\d+) 0 obj\n<<\n\/FT \/Sig\n\/T \((\w+)\)\n/;
const LONGEST_NAME = 200;
const TRAILER =
  /trailer\s*<<\s*\/Size (\d+)\s*\/Root (\d+ 0 R)\s*\/Info (\d+ 0 R)\s*\/ID\s*\[[^\]]*\]\s*(?:\/Prev (\d+)\s*)?>>\s*startxref\s+(\d+)\s+%%EOF\s*$/;
const LONGEST_TRAILER = 1000;

/** Of a signature's place in hexadecimal digits: 32 kB. */
const LARGEST_HOLE = 65_536;

/**
 * The revisions that follow a certified report, each checked.
 *
 * @throws {RevisionForeign} they are not of this form, or the report does not begin with the certified one.
 */
export function readRevisions(certified: Uint8Array, whole: Uint8Array): FieldRevision[] {
  demand(
    certified.every((byte, index) => whole[index] === byte),
    'another beginning than the certified report',
  );
  const before = LATIN.decode(certified);
  const text = LATIN.decode(whole);
  const revisions: FieldRevision[] = [];
  for (let at = certified.length; at < whole.length;) {
    const revision = readRevision(before, text, at);
    demand(!revisions.some(({ field }) => field === revision.field), 'a field that is filled twice');
    revisions.push(revision);
    at = revision.end;
  }
  return revisions;
}

function readRevision(certified: string, text: string, start: number): FieldRevision {
  const last = trailerBefore(text, start);
  const [, number = '', field = ''] = FIELD.exec(text.slice(start, start + LONGEST_NAME)) ?? [];
  const picture = last.size + 1; // pyHanko leaves one number out
  const signature = picture + 1;
  const filled = filledField(certified, { number, field, picture, signature });
  demand(text.startsWith(filled, start), 'a field that is not the empty one, filled');
  const pictureAt = start + filled.length;
  const signatureAt = pictureAt + pictureLength(text, pictureAt, picture);
  const hole = holeAt(text, signatureAt, signature);
  const { end: tableAt, covered } = afterSignature(text, hole);
  const table = tableOf(number, [start, pictureAt, signatureAt], picture);
  demand(text.startsWith(table, tableAt), 'a table that finds other objects');
  const end = readEnd(text, tableAt + table.length, { ...last, size: signature + 1, prev: last.table, table: tableAt });
  demand(covered === end, 'a range that does not go to the end');
  return { field, hole, end };
}

/** The field as the certified report holds it, with this picture and this signature in it. */
function filledField(
  certified: string,
  { number, field, picture, signature }: Record<'number' | 'field', string> & Record<'picture' | 'signature', number>,
): string {
  const head = `\n${number} 0 obj\n<<\n/FT /Sig\n/T (${field})\n`;
  const at = certified.lastIndexOf(head);
  demand(number !== '' && at >= 0, 'a field that the certified report lacks');
  const empty = certified.slice(at + 1, certified.indexOf('endobj\n', at) + 'endobj\n'.length);
  const parts = /^([^]*\n\/AP <<\n\/N )\d+( 0 R\n>>\n)(>>\nendobj\n)$/.exec(empty);
  demand(parts !== null, 'a field that is not empty');
  return `${parts[1] ?? ''}${picture}${parts[2] ?? ''}/V ${signature} 0 R\n${parts[3] ?? ''}`;
}

/** Length of the picture: a drawing of its own, which no page and no other object can take for itself. */
function pictureLength(text: string, at: number, number: number): number {
  const dictionary = text.slice(at, text.indexOf('stream\n', at));
  const length =
    /^(\d+) 0 obj\n<<\n\/BBox \[[^\]]*\]\n[^]*\/Type \/XObject\n\/Subtype \/Form\n[^]*\/Length (\d+)\n>>\n$/.exec(
      dictionary,
    );
  demand(
    length !== null && Number(length[1]) === number && !dictionary.includes('endobj'),
    'a picture of another form',
  );
  const end = dictionary.length + 'stream\n'.length + Number(length[2]);
  const close = '\nendstream\nendobj\n';
  demand(text.startsWith(close, at + end), 'a picture of another length');
  return end + close.length;
}

/** The place of the signature: one string of hexadecimal digits. */
function holeAt(text: string, at: number, number: number): FieldRevision['hole'] {
  const head = `${number} 0 obj\n<<\n/Contents `;
  demand(text.startsWith(`${head}<`, at), 'a signature of another form');
  const start = at + head.length;
  const end = text.indexOf('>', start) + 1;
  const inside = text.slice(start + 1, end - 1);
  demand(end > 0 && inside.length <= LARGEST_HOLE && /^(?:[0-9a-f]{2})+$/i.test(inside), 'no place for a signature');
  return { start, end };
}

/** Where the rest of the signature ends, and up to where it covers. */
function afterSignature(text: string, { start, end }: FieldRevision['hole']): Record<'end' | 'covered', number> {
  const close = text.indexOf('\nendobj\n', end);
  const rest = text.slice(end, close);
  const range =
    /^\n\/ByteRange \[0 (\d+) (\d+) (\d+)\] *\n\/Type \/Sig\n\/Filter \/Adobe\.PPKLite\n\/SubFilter \/ETSI\.CAdES\.detached\n[^]*\n>>$/;
  const [, first, second, length] = range.exec(rest) ?? [];
  demand(close > 0 && Number(first) === start && Number(second) === end, 'another range than all but the signature');
  return { end: close + '\nendobj\n'.length, covered: Number(second) + Number(length) };
}

/** The table that finds these objects and no other. */
function tableOf(field: string, [fieldAt = 0, ...others]: readonly number[], picture: number): string {
  const entry = (place: number): string => `${String(place).padStart(10, '0')} 00000 n \n`;
  const news = others.map(entry).join('');
  return `xref\n0 1\n0000000000 65535 f \n${field} 1\n${entry(fieldAt)}${picture} 2\n${news}`;
}

/** Reads the end of a revision, which has to say this; gives where it ends. */
function readEnd(text: string, at: number, wanted: Trailer & { readonly prev: number }): number {
  const end = text.indexOf('%%EOF\n', at) + '%%EOF\n'.length;
  const found = trailerIn(text.slice(at, end));
  demand(text.startsWith('trailer\n', at) && found !== null, 'no end of the known form');
  const { size, root, info, table, prev } = wanted;
  const isSame = found.size === size && found.root === root && found.info === info && found.table === table;
  demand(isSame && found.prev === prev, 'an end that leads elsewhere');
  return end;
}

/** The end of what stands before a revision. */
function trailerBefore(text: string, start: number): Trailer {
  const found = trailerIn(text.slice(text.lastIndexOf('trailer', start - 1), start));
  demand(found !== null, 'no end of the known form before it');
  return found;
}

function trailerIn(text: string): (Trailer & { readonly prev: number | null }) | null {
  if (text.length > LONGEST_TRAILER) return null;
  const [whole, size, root = '', info = '', prev, table] = TRAILER.exec(text) ?? [];
  if (whole === undefined) return null;
  return { size: Number(size), root, info, table: Number(table), prev: prev === undefined ? null : Number(prev) };
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new RevisionForeign(`The report has ${otherwise}.`);
}
