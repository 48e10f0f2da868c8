/** Owners of addresses at which hosts of the article are: Microsoft's own, CDNs, and those of Linux and container images. */
const PLAUSIBLE =
  /^(?:microsoft|azure|akamai|cloudflare|fastly|edgio|edgecast|verizon|limelight|github|ubuntu|canonical|docker|nvidia|google|amazon|aws|hosting|cdn|web|internet)/i;

/**
 * Could the Internet service hold a host that AKS needs? Numbers and groups of one's own tell nothing; lists of attackers,
 * and services of other owners, hold none.
 */
export function mayHoldHostsOfAks(name: string): boolean {
  if (/^(?:malicious|tor|botnet|phishing|spam|proxy|vpn|blockchain)\b/i.test(name)) return false;
  const isOfFortinet = /^[A-Za-z0-9&.]+-[A-Z]/.test(name);
  return !isOfFortinet || PLAUSIBLE.test(name);
}
