import { declaresTemplate } from '../source-files.ts';

/** Vendors whose exports are read, by the folder of their reader. */
export type Vendor = 'panos' | 'fortios' | 'checkpoint' | 'cisco-asa';

/**
 * Whose export a text is, told from its content; undefined for all others. Looks at the beginning where that is enough:
 * most files are templates, for which this must cost nothing.
 */
export function vendorOf(text: string): Vendor | undefined {
  const start = /^\uFEFF?\s*(?:(?:<!--[^]*?-->|\/\/.*|\/\*[^]*?\*\/)\s*)*/.exec(text)?.[0].length ?? 0;
  const first = text.charAt(start);
  if (first === '<') return isPanosXml(text.slice(start, start + HEAD)) ? 'panos' : undefined;
  if (first === '{' || first === '[') return declaresTemplate(text) ? undefined : vendorOfJson(text);
  return vendorOfText(text);
}

/** Enough for an XML declaration, comments and the first elements. */
const HEAD = 4096;

/** `<config>` as the device saves it, or the `<response>` of its API around one. */
function isPanosXml(head: string): boolean {
  return /<(?:config|response)[\s>]/.test(head) || /<!DOCTYPE\s+config\b/i.test(head);
}

/** Members that every page of a rulebase or list of objects has, and no template. */
function vendorOfJson(text: string): Vendor | undefined {
  const isCheckPoint =
    text.includes('"access-rule"') ||
    text.includes('"objects-dictionary"') ||
    text.includes('"policyPackages"') ||
    (text.includes('"domain-type"') && text.includes('"uid"'));
  if (isCheckPoint) return 'checkpoint';
  const isFortios =
    text.includes('"policyid"') || (text.includes('"q_origin_key"') && text.includes('"results"'));
  return isFortios ? 'fortios' : undefined;
}

function vendorOfText(text: string): Vendor | undefined {
  if (/^#config-version=F/m.test(text) || /^config (?:firewall|system|vdom|global)\b/m.test(text))
    return 'fortios';
  if (
    /^set (?:deviceconfig|rulebase|network|device-group|vsys|shared|mgt-config|template|address|zone) /m.test(
      text,
    )
  ) {
    return 'panos';
  }
  return isAsa(text) ? 'cisco-asa' : undefined;
}

/**
 * `ASA Version` or `: Saved` at the top; without it, what only an ASA writes. IOS has access lists and object groups too,
 * but no `nameif` and no `access-group … in interface`.
 */
function isAsa(text: string): boolean {
  if (/^(?:ASA Version |: Hardware: +ASA)/m.test(text)) return true;
  return /^\s+nameif \S/m.test(text) || /^access-group \S+ (?:(?:in|out) interface \S|global)/m.test(text);
}
