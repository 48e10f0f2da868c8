import type {
  CheckCondition,
  FactReference,
  Literal,
  NamedConditions,
  OptionReference,
  OptionValues,
} from '../conditions/check-condition.ts';
import type { Part, TargetKind } from '../coverage/facts.ts';

/** Contract of rules/checks/*.json, of an organisation's checks and of rules/presets/*.json. Schema: schemas/check.schema.json. */

/** error: a cluster that will break; warning: exposure, or not decidable; note: tidiness. */
export type Level = 'error' | 'warning' | 'note';

export type LevelSetting = Level | 'off';

export type Precision = 'very-high' | 'high' | 'medium' | 'low';

export interface Check {
  /** Kebab-case; never changes, since suppressions, baselines and SARIF's ruleId refer to it. */
  readonly id: string;
  /** The kind of subject that it judges. */
  readonly target: TargetKind;
  /** Judges these parts of subjects, each with its own place, instead of wholes. */
  readonly part?: Part;
  readonly meta: CheckMeta;
  /** Conditions by name, for `{condition: name}`. */
  readonly conditions?: NamedConditions;
  /** Message data besides that of the target. */
  readonly data?: Readonly<Record<string, FactReference | OptionReference>>;
  /** The first case whose conditions hold gives the message; where none holds, there is no finding. */
  readonly cases: readonly CheckCase[];
}

export interface CheckMeta {
  /** problem: something is wrong; suggestion: something could be better. */
  readonly type: 'problem' | 'suggestion';
  readonly level: Level;
  /** Presets in which the level is another one. */
  readonly presets?: Readonly<Partial<Record<string, LevelSetting>>>;
  readonly precision: Precision;
  /** False for a check whose findings nothing may suppress, neither configuration nor comment nor baseline. */
  readonly suppressible?: boolean;
  /** Checks of exposure only: a number in (0, 10] as text, as SARIF's `security-severity` wants it. */
  readonly securitySeverity?: string;
  readonly tags: readonly string[];
  readonly docs: {
    readonly description: string;
    readonly rationale: string;
    readonly fix: string;
    readonly whenNotToUse?: string;
    /** Page of an organisation's check; built-in ones have docs/checks/<id>.md. */
    readonly url?: string;
    readonly references?: readonly { readonly title: string; readonly url: string }[];
  };
  /** The options, as JSON Schema of a few keywords. Each has a default. */
  readonly schema?: OptionsSchema;
  readonly defaultOptions?: OptionValues;
  /** Templates, see message.ts. */
  readonly messages: Readonly<Record<string, string>>;
  /** For several findings on one line; knows `count` and `items`. */
  readonly many: string;
}

export interface OptionsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly additionalProperties?: false;
}

/** One value, or a list of values. */
export type OptionSchema =
  | ValueSchema
  | {
      readonly type: 'array';
      readonly description?: string;
      readonly items: ValueSchema;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly uniqueItems?: boolean;
    };

export interface ValueSchema {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly enum?: readonly Literal[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface CheckCase {
  readonly messageId: string;
  readonly conditions: CheckCondition;
}

export interface Preset {
  readonly id: string;
  readonly description: string;
  /** Every check, in alphabetical order. */
  readonly levels: Readonly<Record<string, LevelSetting>>;
}

/** The part of a check's metadata that reporters show. */
export interface CheckDoc {
  readonly id: string;
  /** PascalCase of the id, for SARIF. */
  readonly name: string;
  readonly description: string;
  readonly rationale: string;
  readonly fix: string;
  /** Absent where an organisation's check names no page. */
  readonly url?: string;
  readonly defaultLevel: Level;
  readonly tags: readonly string[];
  readonly securitySeverity?: string;
  readonly precision: Precision;
  /** Template for several findings of this check on one line: `{{count}}` and `{{items}}`. */
  readonly many: string;
}

/** Something wrong with a check or its options. */
export interface Problem {
  /** JSON pointer into what was given. */
  readonly pointer: string;
  /** True where the member's name is meant, not its value. */
  readonly key: boolean;
  /** What was found, what is expected, what may have been meant. */
  readonly message: string;
}
