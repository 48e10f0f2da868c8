export { lineHashes } from './line-hash.ts';
export { lineAt, lineEnd, lineStarts } from './lines.ts';
export type { LineStarts, Region } from './lines.ts';
export { locate, locateAll } from './locate.ts';
export type { Located, SourceTexts } from './locate.ts';
