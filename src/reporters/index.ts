import type { Report, ReportContext } from './report.ts';

/** Turns a report into the text of one output format. Pure: equal arguments give equal text. */
export type Reporter = (report: Report, context: ReportContext) => string;

export type Format = 'pretty' | 'json' | 'sarif';

/** Reporters are loaded when asked for: a run uses one or two. */
export const reporters: Readonly<Record<Format, () => Promise<Reporter>>> = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
};

export { STDIN_URI, uriMapper } from './uri.ts';
export type * from './report.ts';
