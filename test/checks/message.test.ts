import { describe, expect, it } from 'vitest';
import { MessageTemplate } from '../../src/checks/message.ts';

const render = (template: string, data: Readonly<Record<string, string>>): string =>
  new MessageTemplate(template).render(data);

describe('MessageTemplate', () => {
  it('fills in values', () => {
    expect(render("No rule allows '{{destination}}'.", { destination: 'mcr.microsoft.com' })).toBe(
      "No rule allows 'mcr.microsoft.com'.",
    );
  });

  it('keeps a section where the value is not empty', () => {
    const template = 'Denied{{#sources}} for {{sources}}{{/sources}}.';
    expect(render(template, { sources: '10.0.0.0/8' })).toBe('Denied for 10.0.0.0/8.');
    expect(render(template, { sources: '' })).toBe('Denied.');
    expect(render(template, {})).toBe('Denied.');
  });

  it('keeps an inverted section where the value is empty', () => {
    const template = 'Allowed by {{#by}}{{by}}{{/by}}{{^by}}other rules{{/by}}.';
    expect(render(template, { by: "'a'" })).toBe("Allowed by 'a'.");
    expect(render(template, { by: '' })).toBe('Allowed by other rules.');
  });

  it('nests sections of different names', () => {
    const template = '{{#a}}A{{#b}}B{{/b}}{{^b}}-{{/b}}{{/a}}.';
    expect(render(template, { a: 'x', b: 'y' })).toBe('AB.');
    expect(render(template, { a: 'x', b: '' })).toBe('A-.');
    expect(render(template, { a: '', b: 'y' })).toBe('.');
  });

  it('does not read tags in values', () => {
    expect(render('Rule {{rule}}.', { rule: '{{supply}}', supply: 'no' })).toBe('Rule {{supply}}.');
  });

  it('makes one line of plain text of whatever the file holds', () => {
    expect(render('Rule {{rule}}.', { rule: "'a`b\r\n\tc\u2028d\u0000e'" })).toBe("Rule 'a'b c d e'.");
  });

  it('finds every character that Unicode calls a control or a separator of lines', () => {
    // All of them are in the first plane.
    for (let code = 0; code <= 0xffff; code += 1) {
      const character = String.fromCharCode(code);
      const isClean = render('a{{one}}b', { one: character }) === `a${character}b`;
      if (isClean === /[\p{Cc}\p{Zl}\p{Zp}`]/u.test(character)) expect.fail(`U+${code.toString(16)}`);
    }
  });

  it('does not take names of the object prototype for values', () => {
    expect(render('{{constructor}}|{{toString}}.', {})).toBe('|.');
  });

  it('names what it mentions, sorted and once', () => {
    expect(new MessageTemplate('{{b}}{{#a}}{{b}}{{c}}{{/a}}').names).toEqual(['a', 'b', 'c']);
  });

  it.each(['{{#a}}x', '{{/a}}', '{{#a}}{{#b}}{{/a}}{{/b}}', '{{a', '{{ a }}', '{{}}'])(
    'refuses the malformed template %s',
    (template) => {
      expect(() => new MessageTemplate(template).names).toThrow();
    },
  );
});
