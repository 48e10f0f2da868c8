/** 64 bits of two FNV-like hashes, as 16 hexadecimal digits. node:crypto would cost a tenth of a whole run only to be loaded. */
export function digest(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x2f6e2b1a;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
  }
  return [high, low].map((limb) => (limb >>> 0).toString(16).padStart(8, '0')).join('');
}
