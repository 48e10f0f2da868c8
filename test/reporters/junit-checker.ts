/**
 * A strict reader of the JUnit XML that is written here, and the rules of Jenkins' schema for it
 * (junit-10.xsd of the xUnit plug-in, which Azure DevOps and GitLab follow).
 */

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

interface ElementRule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
  readonly hasText?: true;
}

const RULES: Readonly<Record<string, ElementRule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors', 'disabled'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: [
      'skipped',
      'time',
      'timestamp',
      'hostname',
      'id',
      'package',
      'file',
      'group',
      'version',
      'log',
      'url',
    ],
    children: ['testcase', 'properties', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name', 'classname'],
    optional: ['time', 'assertions', 'status', 'class', 'file', 'line', 'group', 'version', 'score'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: { required: [], optional: ['message', 'type'], children: [], hasText: true },
  failure: { required: [], optional: ['message', 'type'], children: [], hasText: true },
};

/** Throws an error for text that is not well-formed; knows no comments, no CDATA and no document types. */
export function parseXml(text: string): Element {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!text.startsWith(declaration)) throw new Error('no XML declaration');
  const invalid = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(text);
  if (invalid !== null) throw new Error(`a character that XML does not have at ${invalid.index}`);
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const token = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, slash, name = '', list = '', selfClosing, content] = match;
    const parent = open.at(-1) ?? root;
    if (content !== undefined) parent.text += unescapeXml(content);
    else if (slash === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      const attributes = [...list.matchAll(/([\w-]+)="([^"]*)"/g)].map(
        ([, key = '', value = '']): [string, string] => [key, unescapeXml(value)],
      );
      if (new Set(attributes.map(([key]) => key)).size < attributes.length)
        throw new Error(`<${name}> has an attribute twice`);
      const element: Element = { name, attributes: new Map(attributes), children: [], text: '' };
      parent.children.push(element);
      if (selfClosing !== '/') open.push(element);
    }
    if (token.lastIndex === text.length) break;
  }
  if (token.lastIndex !== text.length) throw new Error('something that is neither a tag nor text');
  const [first] = root.children;
  if (open.length !== 1 || first === undefined || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one element that is closed');
  return first;
}

function unescapeXml(text: string): string {
  if (/&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)/.test(text)) throw new Error('a bare ampersand');
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_entity, code: string | undefined, name: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] ?? '';
  });
}

/** The problems of a JUnit file, one line each. */
export function junitProblems(text: string): string[] {
  const root = parseXml(text);
  return [...(root.name === 'testsuites' ? [] : [`the root is ${root.name}`]), ...elementProblems(root)];
}

function elementProblems(element: Element): string[] {
  const rule = RULES[element.name];
  if (rule === undefined) return [`<${element.name}> is unknown`];
  const { name, attributes, children } = element;
  const problems = [
    ...rule.required.filter((key) => !attributes.has(key)).map((key) => `<${name}> has no ${key}`),
    ...[...attributes.keys()]
      .filter((key) => !rule.required.includes(key) && !rule.optional.includes(key))
      .map((key) => `<${name}> has the unknown attribute ${key}`),
    ...children
      .filter((child) => !rule.children.includes(child.name))
      .map((child) => `<${child.name}> stands in <${name}>`),
    ...(rule.hasText !== true && element.text.trim() !== '' ? [`<${name}> has text`] : []),
    ...countProblems(element),
  ];
  return [...problems, ...children.flatMap(elementProblems)];
}

const COUNTED = { tests: '', failures: 'failure', errors: 'error', skipped: 'skipped' } as const;

/** Readers trust the counts more than the cases. */
function countProblems(element: Element): string[] {
  const cases = element.name === 'testcase' ? [] : casesOf(element);
  return Object.entries(COUNTED).flatMap(([attribute, kind]) => {
    const stated = element.attributes.get(attribute);
    if (stated === undefined) return [];
    const counted = cases.filter(
      (one) => kind === '' || one.children.some((child) => child.name === kind),
    ).length;
    return Number(stated) === counted ? [] : [`${attribute}="${stated}" where there are ${counted}`];
  });
}

export function casesOf(element: Element): Element[] {
  return element.children.flatMap((child) => (child.name === 'testcase' ? [child] : casesOf(child)));
}
