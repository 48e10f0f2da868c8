/** A Bicep file as it is written. Offsets are in UTF-16 code units, ends exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression = Span &
  (
    | { readonly kind: 'string'; readonly value: string }
    /** `'a${b}c'`: texts and expressions by turns. */
    | { readonly kind: 'interpolation'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
    | { readonly kind: 'array'; readonly items: readonly Item[] }
    | ObjectLiteral
    | { readonly kind: 'name'; readonly name: string }
    /** `name(…)`, or `of.name(…)` of a namespace or resource. */
    | Call
    | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly safe: boolean }
    | {
        readonly kind: 'index';
        readonly of: Expression;
        readonly index: Expression;
        readonly safe: boolean;
        /** `[^1]`: counted from the end. */
        readonly fromEnd: boolean;
      }
    /** `parent::child`, a nested resource. */
    | { readonly kind: 'nested'; readonly of: Expression; readonly name: string }
    /** In parentheses, where a chain of safe accesses ends. */
    | { readonly kind: 'group'; readonly inner: Expression }
    | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Expression;
        readonly then: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
    | For
  );

export interface Call extends Span {
  readonly kind: 'call';
  readonly of: Expression | undefined;
  readonly name: string;
  readonly arguments: readonly Expression[];
}

export type Item = Expression | Spread;

/** `...value` in an array or object. */
export interface Spread extends Span {
  readonly kind: 'spread';
  readonly of: Expression;
}

export interface ObjectLiteral extends Span {
  readonly kind: 'object';
  readonly properties: readonly (Property | Spread)[];
  /** Resources that are declared inside of the body of another one. */
  readonly resources: readonly ResourceDeclaration[];
}

export interface Property extends Span {
  readonly kind: 'property';
  readonly key: Expression & { readonly kind: 'string' | 'interpolation' };
  readonly value: Expression;
}

/** `[for item in collection: body]`; with `condition` in resources and modules. */
export interface For extends Span {
  readonly kind: 'for';
  readonly item: string;
  readonly index: string | undefined;
  readonly collection: Expression;
  readonly condition: Expression | undefined;
  readonly body: Expression;
}

export type TypeExpression = Span &
  (
    | { readonly kind: 'named'; readonly name: string }
    | { readonly kind: 'member'; readonly of: TypeExpression; readonly name: string }
    | { readonly kind: 'nullable'; readonly of: TypeExpression }
    | { readonly kind: 'object'; readonly properties: readonly TypeProperty[] }
    /** Whatever evaluation does not ask for. */
    | { readonly kind: 'other' }
  );

export interface TypeProperty {
  readonly name: string;
  readonly type: TypeExpression;
}

export interface Decorator extends Span {
  /** Without namespace: `export`, `description`. */
  readonly name: string;
  readonly arguments: readonly Expression[];
}

export interface Declaration extends Span {
  readonly decorators: readonly Decorator[];
  readonly name: string;
  /** Where the name is written. */
  readonly nameSpan: Span;
}

export interface ParameterDeclaration extends Declaration {
  readonly kind: 'param';
  readonly type: TypeExpression | undefined;
  /** The default of a template, the value in a parameter file. */
  readonly value: Expression | undefined;
}
export interface VariableDeclaration extends Declaration {
  readonly kind: 'var';
  readonly value: Expression;
}
export interface OutputDeclaration extends Declaration {
  readonly kind: 'output';
  readonly value: Expression;
}
export interface TypeDeclaration extends Declaration {
  readonly kind: 'type';
  readonly type: TypeExpression;
}
export interface FunctionDeclaration extends Declaration {
  readonly kind: 'func';
  readonly parameters: readonly string[];
  readonly body: Expression;
}
export interface ResourceDeclaration extends Declaration {
  readonly kind: 'resource';
  /** `Microsoft.Network/ipGroups@2024-05-01`, or relative to the resource around: `ruleCollectionGroups@…`. */
  readonly type: Expression;
  readonly existing: boolean;
  readonly condition: Expression | undefined;
  readonly loop: For | undefined;
  readonly body: ObjectLiteral;
}
export interface ModuleDeclaration extends Declaration {
  readonly kind: 'module';
  readonly path: Expression;
  readonly condition: Expression | undefined;
  readonly loop: For | undefined;
  readonly body: ObjectLiteral;
}
export interface ImportDeclaration extends Span {
  readonly kind: 'import';
  readonly from: Expression;
  /** `* as name`. */
  readonly wildcard: string | undefined;
  readonly names: readonly { readonly name: string; readonly as: string }[];
}
export interface TargetScope extends Span {
  readonly kind: 'targetScope';
  readonly value: Expression;
}
/** `using 'main.bicep'`; `using none` has no path. */
export interface UsingDeclaration extends Span {
  readonly kind: 'using';
  readonly path: Expression | undefined;
}
export interface ExtendsDeclaration extends Span {
  readonly kind: 'extends';
  readonly path: Expression;
}

export type Statement =
  | ParameterDeclaration
  | VariableDeclaration
  | OutputDeclaration
  | TypeDeclaration
  | FunctionDeclaration
  | ResourceDeclaration
  | ModuleDeclaration
  | ImportDeclaration
  | TargetScope
  | UsingDeclaration
  | ExtendsDeclaration;

export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Span[];
  /** In order of the text; empty where the file is Bicep. */
  readonly problems: readonly SyntaxProblem[];
}

export interface SyntaxProblem {
  readonly offset: number;
  /** `found 'x', expected y`. */
  readonly message: string;
}
