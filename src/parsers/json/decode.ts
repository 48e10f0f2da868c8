import { isAscii } from 'node:buffer';
import { InputError } from '../../errors.ts';

/**
 * The text of a file: UTF-8 with or without a byte order mark, UTF-16 with one (what PowerShell's `>` writes).
 * Throws an InputError where the bytes are neither.
 */
export function decodeText(bytes: Uint8Array, path: string, what = 'JSON'): string {
  let text = DECODED.get(bytes);
  if (text === undefined) {
    text = decode(bytes, path, what);
    DECODED.set(bytes, text);
  }
  return text;
}

/** A file is asked for its text twice: to settle the cloud, and to be read. */
const DECODED = new WeakMap<Uint8Array, string>();

function decode(bytes: Uint8Array, path: string, what: string): string {
  const encoding = encodingOf(bytes, path);
  // Nearly every file is ASCII, which needs no decoder.
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      path,
      `not a text file: the bytes are not valid ${encoding.toUpperCase()}; expected ${what} in UTF-8, or in UTF-16 with a byte order mark`,
    );
  }
}

function encodingOf(bytes: Uint8Array, path: string): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (isSavedPlan(bytes)) {
    throw new InputError(
      path,
      `a Terraform plan as it is saved, which needs the providers to be read; expected it as JSON: terraform show -json ${path} > plan.json`,
    );
  }
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // The first two characters of JSON are ASCII, so a zero byte among them tells UTF-16.
  if (bytes.length > 1 && (first === 0 || second === 0)) {
    throw new InputError(path, 'looks like UTF-16 without a byte order mark; save the file as UTF-8');
  }
  return 'utf-8';
}

/** A zip archive whose first entry is the plan: https://github.com/hashicorp/terraform/tree/main/internal/plans/planfile */
function isSavedPlan(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 36)).toString('latin1');
  return head.startsWith('PK\u0003\u0004') && head.endsWith('tfplan');
}
