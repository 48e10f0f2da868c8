/** A tree of a configuration to write as YAML, each part with a remark behind it. */
export type YamlNode =
  | { readonly kind: 'value'; readonly value: YamlValue; readonly remark?: string }
  | { readonly kind: 'keys'; readonly members: readonly YamlMember[]; readonly remark?: string }
  | { readonly kind: 'items'; readonly items: readonly YamlNode[]; readonly remark?: string };

export type YamlMember =
  | { readonly kind: 'member'; readonly key: string; readonly node: YamlNode }
  /** A line of its own; an empty one is blank. */
  | { readonly kind: 'comment'; readonly text: string };

export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlObject;

interface YamlObject {
  readonly [key: string]: YamlValue;
}

export function member(key: string, node: YamlNode): YamlMember {
  return { kind: 'member', key, node };
}

export function comment(text: string): YamlMember {
  return { kind: 'comment', text };
}

/** Values stand in flow style, so that each is one line with its remark. */
export function yamlText(members: readonly YamlMember[]): string {
  return `${linesOf(members, '').join('\n')}\n`;
}

function linesOf(members: readonly YamlMember[], indent: string): string[] {
  return members.flatMap((one) => {
    if (one.kind === 'comment') return [one.text === '' ? '' : `${indent}# ${one.text}`];
    return nodeLines(one.node, `${indent}${scalar(one.key)}:`, indent);
  });
}

function nodeLines(node: YamlNode, head: string, indent: string): string[] {
  const remark = node.remark === undefined ? '' : ` # ${oneLine(node.remark)}`;
  switch (node.kind) {
    case 'value':
      return [`${head} ${flow(node.value)}${remark}`];
    case 'keys':
      return [`${head}${remark}`, ...linesOf(node.members, `${indent}  `)];
    case 'items':
      if (node.items.length === 0) return [`${head} []${remark}`];
      return [`${head}${remark}`, ...node.items.flatMap((item) => itemLines(item, `${indent}  `))];
  }
}

function itemLines(node: YamlNode, indent: string): string[] {
  if (node.kind !== 'keys') return nodeLines(node, `${indent}-`, indent);
  const remark = node.remark === undefined ? [] : [`${indent}# ${oneLine(node.remark)}`];
  const lines = linesOf(node.members, `${indent}  `);
  return [...remark, ...lines.map((line, at) => (at === 0 ? `${indent}- ${line.trimStart()}` : line))];
}

function flow(value: YamlValue): string {
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const members = Object.entries(value).map(([key, one]) => `${scalar(key)}: ${flow(one)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Bare where every reader of YAML takes it for the same text, else as JSON, which is YAML too. */
export function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const isBare =
    /^[A-Za-z_$./][\w$./-]*(?: [\w$./()-]+)*$|^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?$/.test(value) &&
    !/^(?:true|false|yes|no|on|null|y|n|\.nan|\.inf)$/i.test(value);
  return isBare ? value : JSON.stringify(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
