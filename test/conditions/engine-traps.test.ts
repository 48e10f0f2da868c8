import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { describe, expect, it } from 'vitest';
import { presetSettings, withCompanyChecks } from '../../src/checks/catalogue.ts';
import { runChecks } from '../../src/checks/run.ts';
import { resolveCondition, simplify, type ResolvedCondition } from '../../src/conditions/check-condition.ts';
import { ClosedCondition } from '../../src/conditions/closed-facts.ts';
import { createEngine } from '../../src/conditions/engine.ts';
import { checkOf } from '../../src/config/company-checks.ts';
import { subjectWith } from '../../src/testing/right-subjects.ts';

/**
 * json-rules-engine has traps in which a policy passes in silence. Each is shown as the bare engine has it, so that this
 * file says when one is gone, and then as it is kept out here.
 */
const red: ResolvedCondition = { fact: 'color', operator: 'equal', value: 'red' };
const leaf = { fact: 'usage', operator: 'equal', value: 'unneeded' };

/** Events of the bare engine. */
async function bare(conditions: unknown, facts: Record<string, unknown>, type = 'case'): Promise<string[]> {
  const engine = new Engine([{ event: { type }, conditions: conditions as TopLevelCondition }]);
  return (await engine.run(facts)).events.map((event) => event.type);
}

async function ours(condition: ResolvedCondition, facts: Record<string, unknown>): Promise<boolean> {
  return (await (await createEngine(condition, {})).run(facts)).events.length > 0;
}

const checkWith = (conditions: unknown, more: object = {}): object => ({
  id: 'a-check',
  target: 'entry',
  meta: { docs: { description: 'A.', rationale: 'B.', fix: 'C.' }, messages: { one: 'One.' } },
  cases: [{ messageId: 'one', conditions }],
  ...more,
});

async function refusal(conditions: unknown, more: object = {}): Promise<string> {
  const { problems } = await checkOf(checkWith(conditions, more));
  return problems.map(({ message }) => message).join('\n');
}

describe('an event of a type that the bare engine uses itself', () => {
  it('makes a run reject with no error where it is error', async () => {
    const rejected: unknown = await bare({ all: [red] }, { color: 'red' }, 'error').catch(
      (reason: unknown) => reason,
    );
    expect(rejected).not.toBeInstanceOf(Error);
    expect(rejected).not.toEqual(['error']);
  });

  it('is heard twice where it is success', async () => {
    const engine = new Engine([{ event: { type: 'success' }, conditions: { all: [red] } }]);
    const heard: string[] = [];
    engine.on('success', () => heard.push('success'));
    await engine.run({ color: 'red' });
    expect(heard).toEqual(['success', 'success']);
  });

  it.each(['error', 'success', 'failure'])(
    'comes of no check and no message, though it is called %s',
    async (type) => {
      const named = checkWith(
        { all: [leaf] },
        {
          id: type,
          meta: { docs: { description: 'A.', rationale: 'B.', fix: 'C.' }, messages: { [type]: 'One.' } },
          cases: [{ messageId: type, conditions: { all: [leaf] } }],
        },
      );
      const { check, problems } = await checkOf(named);
      expect(problems).toEqual([]);
      const company = check === undefined ? [] : [check];
      const settings = {
        ...presetSettings('audit', company),
        checks: withCompanyChecks(company).filter(({ id }) => id === type),
      };
      const results = await runChecks([subjectWith('entry', { usage: 'unneeded' })], settings);
      expect(results.map(({ check: id, messageId }) => [id, messageId])).toEqual([[type, type]]);
    },
  );
});

describe('an empty any', () => {
  it('passes in the bare engine', async () => {
    expect(await bare({ any: [] }, {})).toEqual(['case']);
  });

  it('is refused in a check, also below another condition', async () => {
    expect(await refusal({ any: [] })).toContain('expected a list of at least one condition');
    expect(await refusal({ all: [leaf, { any: [] }] })).toContain(
      'expected a list of at least one condition',
    );
  });

  it('is not left by an option that is empty', () => {
    const none: ResolvedCondition = { fact: 'host', operator: 'fqdnMatches', value: [] };
    expect(simplify({ any: [none] })).toBe(false);
    expect(simplify({ all: [red, { not: none }] })).toEqual({ all: [red] });
    expect(simplify({ all: [{ fact: 'color', operator: 'notIn', value: [] }] })).toBe(true);
  });
});

describe('all and any side by side', () => {
  const both = { all: [red], any: [{ ...red, value: 'blue' }] };

  it('are judged by one of them in the bare engine', async () => {
    expect(await bare(both, { color: 'blue' })).toEqual(['case']);
  });

  it('are refused in a check', async () => {
    expect(await refusal({ all: [leaf], any: [leaf] })).toContain("'all' and 'any' stand side by side");
  });
});

describe('a misspelled path with notEqual', () => {
  const typo: ResolvedCondition = { fact: 'rule', path: '$.nme', operator: 'notEqual', value: 'x' };

  it('passes in the bare engine', async () => {
    expect(await bare({ all: [typo] }, { rule: { name: 'x' } })).toEqual(['case']);
  });

  it('is refused in a check, and an error in the engine as it is set up here', async () => {
    const misspelled = { fact: 'rule', path: '$.nme', operator: 'notEqual', value: 'x' };
    expect(await refusal({ all: [misspelled] })).toContain("Did you mean '$.name'?");
    await expect(ours(typo, { rule: { name: 'x' } })).rejects.toThrow('leads nowhere');
  });
});

describe('a misspelled fact with notEqual', () => {
  const typo: ResolvedCondition = { fact: 'colour', operator: 'notEqual', value: 'red' };

  it('passes in the bare engine where undefined facts are allowed', async () => {
    const engine = new Engine([], { allowUndefinedFacts: true });
    engine.addRule({ event: { type: 'case' }, conditions: { all: [typo] } });
    expect((await engine.run({ color: 'red' })).events).toHaveLength(1);
  });

  it('is refused in a check, and an error in the engine as it is set up here', async () => {
    expect(await refusal({ all: [{ fact: 'usge', operator: 'notEqual', value: 'required' }] })).toContain(
      "Did you mean 'usage'?",
    );
    await expect(ours(typo, { color: 'red' })).rejects.toThrow('Undefined fact: colour');
  });
});

describe('a list operator on a fact that is no list', () => {
  it('is true in the bare engine once it is negated', async () => {
    const negated = { all: [{ fact: 'color', operator: 'not:contains', value: 'red' }] };
    expect(await bare(negated, { color: 'red' })).toEqual(['case']);
  });

  it('is refused in a check, decorated or under not', async () => {
    const contains = { fact: 'host', operator: 'contains', value: 'a.example' };
    expect(await refusal({ all: [{ ...contains, operator: 'not:contains' }] })).toContain(
      "there is no operator 'not:contains'",
    );
    expect(await refusal({ not: contains })).toContain("operator 'contains' is not for facts of this type");
  });
});

describe('in with a value that is no list', () => {
  it('ends the whole run of the bare engine', async () => {
    await expect(bare({ all: [{ ...red, operator: 'in', value: 5 }] }, { color: 'red' })).rejects.toThrow(
      TypeError,
    );
  });

  it('is refused in a check, also by way of an option', async () => {
    expect(await refusal({ all: [{ ...leaf, operator: 'in' }] })).toContain('expected a list of values');
    const meta = {
      docs: { description: 'A.', rationale: 'B.', fix: 'C.' },
      messages: { one: 'One.' },
      schema: { type: 'object', properties: { host: { type: 'string' } } },
      defaultOptions: { host: 'a.example' },
    };
    const byOption = { fact: 'host', operator: 'in', value: { option: 'host' } };
    expect(await refusal({ all: [byOption] }, { meta })).toContain(
      'the option is one value, expected a list',
    );
  });
});

describe('an operator that does not exist', () => {
  it('is found by the bare engine only when a rule comes to it', async () => {
    const engine = new Engine();
    expect(() =>
      engine.addRule({ event: { type: 'case' }, conditions: { all: [{ ...red, operator: 'is' }] } }),
    ).not.toThrow();
    await expect(engine.run({ color: 'red' })).rejects.toThrow('Unknown operator: is');
  });

  it('is refused in a check', async () => {
    expect(await refusal({ all: [{ ...leaf, operator: 'equals' }] })).toContain("Did you mean 'equal'?");
  });
});

describe('named conditions that lead in a circle', () => {
  const named = { a: { not: { condition: 'b' } }, b: { not: { condition: 'a' } } };

  it('overflow the stack of the bare engine', async () => {
    const engine = new Engine([{ event: { type: 'case' }, conditions: { condition: 'a' } }]);
    for (const [name, condition] of Object.entries(named)) engine.setCondition(name, condition);
    await expect(engine.run({})).rejects.toThrow(RangeError);
  });

  it('are refused in a check, and end in an error wherever they are put in place', async () => {
    expect(await refusal({ condition: 'a' }, { conditions: named })).toContain('leads back to itself');
    expect(() => resolveCondition({ condition: 'a' }, named, {})).toThrow('leads back to itself');
  });
});

describe('runs at the same time', () => {
  it('lose nothing here, and one that fails takes no other with it', async () => {
    const shared = new ClosedCondition({ all: [red] });
    const answers = await Promise.allSettled([
      shared.holds({ color: 'red' }),
      shared.holds({ colour: 'red' }),
      shared.holds({ color: 'blue' }),
      ...Array.from({ length: 20 }, () => shared.holds({ color: 'red' })),
    ]);
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'error'))).toEqual([
      true,
      false,
      false,
      ...Array<boolean>(20).fill(true),
    ]);
  });

  it('have no priorities that could make them lose rules', async () => {
    expect(await refusal({ all: [{ ...leaf, priority: 2 }] })).toContain("unknown key 'priority'");
  });
});

describe('facts that are functions', () => {
  it('give the bare engine’s events the order of completion', async () => {
    const engine = new Engine(
      ['slow', 'fast'].map((fact) => ({
        event: { type: fact },
        conditions: { all: [{ fact, operator: 'equal', value: true }] },
      })),
    );
    engine.addFact('slow', () => new Promise((resolve) => setTimeout(resolve, 20, true)));
    engine.addFact('fast', () => true);
    expect((await engine.run()).events.map(({ type }) => type)).toEqual(['fast', 'slow']);
  });

  it('that throw let rules of the bare engine fire all the same, so nothing here listens for events', async () => {
    const broken = { fact: 'broken', operator: 'equal', value: 1 };
    const engine = new Engine([
      { event: { type: 'first' }, priority: 2, conditions: { all: [broken] } },
      { event: { type: 'later' }, priority: 1, conditions: { all: [red] } },
    ]);
    engine.addFact('broken', () => {
      throw new Error('broken');
    });
    const heard: string[] = [];
    engine.on('later', () => heard.push('later'));
    await expect(engine.run({ color: 'red' })).rejects.toThrow('broken');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual(['later']);
    await expect(ours(red, {})).rejects.toThrow('Undefined fact');
  });

  it('do not decide the order of findings here: that of subjects and check ids does', async () => {
    const both = subjectWith('policy', { attached: 'no', rules: 'none' });
    const results = await runChecks([both, both], presetSettings('recommended'));
    expect(results.map(({ check }) => check)).toEqual([
      'no-rules',
      'policy-not-attached',
      'no-rules',
      'policy-not-attached',
    ]);
  });
});

describe('a path that is a script or an inherited member', () => {
  it.each(['$..[?(@.x=process.exit())]', '$.constructor', '$.__proto__', '$'])(
    '%s is not evaluated, and refused in a check',
    async (path) => {
      const script: ResolvedCondition = { fact: 'rule', path, operator: 'notEqual', value: 'x' };
      await expect(ours(script, { rule: { name: 'a' } })).rejects.toThrow('leads nowhere');
      expect(await refusal({ all: [script] })).toContain(`fact 'rule' has no '${path}'`);
    },
  );
});
