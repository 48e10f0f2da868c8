import type { ClosedConditions } from '../conditions/closed-facts.ts';
import type { TargetKind } from '../coverage/facts.ts';

/** Contract of rules/checks/*.json and rules/presets/*.json. Schema: schemas/check.schema.json. */

/** error: a cluster that will break; warning: exposure, or not decidable; note: tidiness. */
export type Level = 'error' | 'warning' | 'note';

export type LevelSetting = Level | 'off';

export type Precision = 'very-high' | 'high' | 'medium' | 'low';

export interface Check {
  /** Kebab-case; never changes, since suppressions, baselines and SARIF's ruleId refer to it. */
  readonly id: string;
  /** The kind of subject that it judges. */
  readonly target: TargetKind;
  readonly meta: CheckMeta;
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
    readonly references?: readonly { readonly title: string; readonly url: string }[];
  };
  /** Templates, see message.ts. */
  readonly messages: Readonly<Record<string, string>>;
  /** For several findings on one line; knows `count` and `items`. */
  readonly many: string;
}

export interface CheckCase {
  readonly messageId: string;
  readonly conditions: ClosedConditions;
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
  readonly url: string;
  readonly defaultLevel: Level;
  readonly tags: readonly string[];
  readonly securitySeverity?: string;
  readonly precision: Precision;
  /** Template for several findings of this check on one line: `{{count}}` and `{{items}}`. */
  readonly many: string;
}
