import { inflateRawSync } from 'node:zlib';

/** The state that Terraform keeps in a plan as it saves it, which is a zip archive; undefined where it holds none. */
export function stateInPlan(bytes: Buffer): string | undefined {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  let at = end < 0 ? 0 : bytes.readUInt32LE(end + 16);
  for (let left = end < 0 ? 0 : bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('latin1', at + 46, at + 46 + (nameLength ?? 0));
    if (name === 'tfstate') {
      const local = bytes.readUInt32LE(at + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const stored = bytes.subarray(start, start + size);
      return (method === 0 ? stored : inflateRawSync(stored)).toString('utf8');
    }
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return undefined;
}
