/**
 * What a document key is asked to sign: the signed attributes of a CMS signature, read strictly.
 *
 * Whatever is not exactly what our signatures hold is refused, for a key signs whatever it is handed.
 * Source: RFC 5652, 5.3 and 11; RFC 5035, 4; ETSI EN 319 122-1, 5.2.3; ITU-T X.690, 10 (DER).
 */

import { bytesToHex } from '@noble/hashes/utils.js';

import type { Digest } from '../protocol/generated';

/** The attributes are not those of a signature of ours. */
export class AttributesMalformed extends Error {
  override name = 'AttributesMalformed';
}

export interface SignedAttributes {
  /** SHA-256 over what the signature covers. */
  readonly messageDigest: Digest;
  /** SHA-256 of the certificate that the signature names. */
  readonly certificate: Digest;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;

/** The content of object identifiers, in hexadecimal digits. */
const CONTENT_TYPE = '2a864886f70d010903';
const MESSAGE_DIGEST = '2a864886f70d010904';
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f';
const COMMITMENT_TYPE = '2a864886f70d0109100210';
const DATA = '2a864886f70d010701';
const PROOF_OF_APPROVAL = '2a864886f70d0109100605';
const SHA256 = '608648016503040201';

const DIGEST_LENGTH = 32;

/** One value: its tag, and what is in it. */
interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

/**
 * Reads the attributes: content type, message digest, certificate and commitment, each once, and nothing else.
 *
 * @throws {AttributesMalformed}
 */
export function readSignedAttributes(der: Uint8Array): SignedAttributes {
  const attributes = attributeValues(der);
  demand(attributes.size === 4, 'other attributes than those four');
  demand(oid(attributes.get(CONTENT_TYPE)) === DATA, 'the content is not data');
  demand(commitment(attributes.get(COMMITMENT_TYPE)) === PROOF_OF_APPROVAL, 'the signature is not an approval');
  return {
    messageDigest: digest(attributes.get(MESSAGE_DIGEST)),
    certificate: certificateDigest(attributes.get(SIGNING_CERTIFICATE_V2)),
  };
}

/** The one value of each attribute by its identifier. */
function attributeValues(der: Uint8Array): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const attribute of children(only([...split(der)], SET))) {
    const [type, set, ...more] = children(tagged(attribute, SEQUENCE));
    demand(more.length === 0, 'an attribute of more than two parts');
    const name = oid(type);
    demand(!values.has(name), 'an attribute twice');
    const [value, ...others] = children(tagged(set, SET));
    demand(value !== undefined && others.length === 0, 'an attribute without exactly one value');
    values.set(name, value);
  }
  return values;
}

/** SEQUENCE { certs SEQUENCE { SEQUENCE { hashAlgorithm OPTIONAL, certHash, issuerSerial OPTIONAL } } } */
function certificateDigest(value: Value | undefined): Digest {
  const [certificates, ...policies] = children(tagged(value, SEQUENCE));
  demand(policies.length === 0, 'a policy beside the certificate');
  const [hash, ...rest] = children(only(children(tagged(certificates, SEQUENCE)), SEQUENCE));
  if (hash?.tag === OCTET_STRING) return digest(hash); // SHA-256 is the default
  demand(oid(children(tagged(hash, SEQUENCE))[0]) === SHA256, 'the certificate is named by another hash');
  return digest(rest[0]);
}

function commitment(value: Value | undefined): string {
  const [type, ...qualifiers] = children(tagged(value, SEQUENCE));
  demand(qualifiers.length === 0, 'a qualified commitment');
  return oid(type);
}

function digest(value: Value | undefined): Digest {
  const { content } = tagged(value, OCTET_STRING);
  demand(content.length === DIGEST_LENGTH, 'a digest of another length');
  return bytesToHex(content);
}

function oid(value: Value | undefined): string {
  return bytesToHex(tagged(value, OBJECT_IDENTIFIER).content);
}

// -- DER -------------------------------------------------------------------------------------------------------------

function only(values: readonly Value[], tag: number): Value {
  demand(values.length === 1, 'more or fewer values than one');
  return tagged(values[0], tag);
}

function tagged(value: Value | undefined, tag: number): Value {
  demand(value?.tag === tag, 'a value of another kind');
  return value;
}

function children({ content }: Value): Value[] {
  return [...split(content)];
}

/** The values that stand one after the other. */
function* split(der: Uint8Array): Generator<Value> {
  for (let at = 0; at < der.length;) {
    const { start, length } = header(der, at);
    demand(start + length <= der.length, 'a value longer than its place');
    yield { tag: der[at] ?? 0, content: der.subarray(start, start + length) };
    at = start + length;
  }
}

/** Where a value's content begins, and its length: definite, in as few bytes as it takes, of two at most. */
function header(der: Uint8Array, at: number): { readonly start: number; readonly length: number } {
  const [, first, second, third] = der.subarray(at, at + 4);
  demand(first !== undefined, 'a value without a length');
  if (first < 0x80) return { start: at + 2, length: first };
  demand(second !== undefined && second > 0 && (first === 0x81 || first === 0x82), 'a length of another form');
  if (first === 0x81) {
    demand(second >= 0x80, 'a length in too many bytes');
    return { start: at + 3, length: second };
  }
  demand(third !== undefined, 'a length cut off');
  return { start: at + 4, length: second * 0x100 + third };
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new AttributesMalformed(`The signed attributes have ${otherwise}.`);
}
