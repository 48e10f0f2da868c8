import type { Report, ReportContext } from './report.ts';

/** Turns a report into the text of one output format. Pure: equal arguments give equal text. */
export type Reporter = (report: Report, context: ReportContext) => string;

export const FORMATS = ['pretty', 'json', 'sarif', 'markdown', 'github', 'junit', 'gitlab', 'html'] as const;

export type Format = (typeof FORMATS)[number];

/** Reporters are loaded when asked for: a run uses one or two. */
export const reporters: Readonly<Record<Format, () => Promise<Reporter>>> = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  markdown: async () => (await import('./markdown.ts')).markdown,
  github: async () => (await import('./github.ts')).github,
  junit: async () => (await import('./junit.ts')).junit,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  html: async () => (await import('./html/index.ts')).htmlPage,
};

export { STDIN_URI, pathOfUri, uriMapper } from './uri.ts';
export type * from './report.ts';
