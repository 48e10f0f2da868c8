/**
 * URIs for SARIF. GitHub shows a result only where its URI is a path relative to the root of the repository, with
 * forward slashes and percent-encoding, without `.` or `..` segments.
 */

/** What was read from standard input has no file; this is a valid relative URI that names nothing in most repositories. */
export const STDIN_URI = 'stdin';

/**
 * The `uriOf` of a report context.
 * @param root absolute path of the repository's root, or of the working directory outside of a repository
 * @param absolute makes a path of the report absolute and resolves symbolic links, as `root` has them resolved
 *
 * A file outside of the root gets an absolute `file:` URI: right for viewers on this machine, nothing that GitHub shows.
 */
export function uriMapper(root: string, absolute: (path: string) => string): (path: string) => string {
  const base = segmentsOf(root);
  const known = new Map<string, string>();
  return (path) => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const uri =
      path === '-'
        ? STDIN_URI
        : isAzureId(path)
          ? encoded(segmentsOf(path))
          : uriBelow(base, segmentsOf(absolute(path)));
    known.set(path, uri);
    return uri;
  };
}

/** What was read from Azure and not saved has no file either: its URI is the id of the resource, to which it is true. */
export function isAzureId(path: string): boolean {
  return /^\/?subscriptions\//i.test(path);
}

function encoded(segments: readonly string[]): string {
  return segments.map(encodeSegment).join('/');
}

function uriBelow(base: readonly string[], segments: readonly string[]): string {
  const inside = segments.length > base.length && base.every((segment, index) => segment === segments[index]);
  if (inside) return encoded(segments.slice(base.length));
  return `file:///${segments.map((segment, index) => (index === 0 && isDrive(segment) ? segment : encodeSegment(segment))).join('/')}`;
}

/** Segments of an absolute path; a backslash separates only where the path begins with a drive or a share. */
function segmentsOf(path: string): string[] {
  const windows = /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
  const slashed = windows ? path.replaceAll('\\', '/') : path;
  const segments: string[] = [];
  for (const segment of slashed.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return segments;
}

function isDrive(segment: string): boolean {
  return /^[A-Za-z]:$/.test(segment);
}

/** encodeURI leaves characters that mean something in a URI; a colon in the first segment would read as a scheme. */
function encodeSegment(segment: string): string {
  const wellFormed = segment.replaceAll(/[\ud800-\udfff]/gu, '\uFFFD');
  return encodeURI(wellFormed).replaceAll(/[?#:]/g, (character) => encodeURIComponent(character));
}

/** The path that a URI of `uriMapper` stands for, for formats that want paths: relative to the repository, or absolute. */
export function pathOfUri(uri: string): string {
  const absolute = /^file:\/\/(?:\/(?=[A-Za-z]:))?(.*)$/.exec(uri)?.[1];
  return decodeURIComponent(absolute ?? uri);
}
