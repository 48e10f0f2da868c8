import { posix } from 'node:path';
import type {
  BicepFile,
  Declaration,
  Decorator,
  Expression,
  FunctionDeclaration,
  ImportDeclaration,
  ModuleDeclaration,
  OutputDeclaration,
  ParameterDeclaration,
  ResourceDeclaration,
  TypeDeclaration,
  VariableDeclaration,
} from '../syntax/tree.ts';

export type Deployed = ResourceDeclaration | ModuleDeclaration;

/** A resource or module of a file, with the resource in whose body it is declared. */
export interface DeployedSymbol {
  /** `parent::child` for a nested one. */
  readonly symbol: string;
  readonly declaration: Deployed;
  readonly around: DeployedSymbol | undefined;
}

/** What a name that is imported stands for. */
export interface Imported {
  readonly path: string;
  /** Its name there; undefined for a whole file, `* as name`. */
  readonly name: string | undefined;
  readonly declaration: ImportDeclaration;
}

/** What the names of a file stand for. */
export class FileSymbols {
  readonly file: BicepFile;
  readonly parameters = new Map<string, ParameterDeclaration>();
  readonly variables = new Map<string, VariableDeclaration>();
  readonly outputs = new Map<string, OutputDeclaration>();
  readonly types = new Map<string, TypeDeclaration>();
  readonly functions = new Map<string, FunctionDeclaration>();
  /** By symbol. */
  readonly deployed = new Map<string, DeployedSymbol>();
  readonly imports = new Map<string, Imported>();
  /** The second of two declarations of one name, which Bicep refuses. */
  readonly repeated: Declaration | undefined;
  readonly targetScope: string;
  readonly extended: string | undefined;
  readonly using: Expression | undefined;

  constructor(file: BicepFile) {
    this.file = file;
    let targetScope = 'resourceGroup';
    let extended: string | undefined;
    let using: Expression | undefined;
    const names = new Set<string>();
    let repeated: Declaration | undefined;
    for (const statement of file.statements) {
      if ('name' in statement && statement.kind !== 'output') {
        if (names.has(statement.name)) repeated ??= statement;
        names.add(statement.name);
      }
      switch (statement.kind) {
        case 'param':
          this.parameters.set(statement.name, statement);
          break;
        case 'var':
          this.variables.set(statement.name, statement);
          break;
        case 'output':
          this.outputs.set(statement.name, statement);
          break;
        case 'type':
          this.types.set(statement.name, statement);
          break;
        case 'func':
          this.functions.set(statement.name, statement);
          break;
        case 'resource':
        case 'module':
          this.#deployed(statement, undefined);
          break;
        case 'import':
          this.#import(statement);
          break;
        case 'targetScope':
          if (statement.value.kind === 'string') targetScope = statement.value.value;
          break;
        case 'extends':
          if (statement.path.kind === 'string') extended = this.resolve(statement.path.value);
          break;
        case 'using':
          using = statement.path;
      }
    }
    this.repeated = repeated;
    this.targetScope = targetScope;
    this.extended = extended;
    this.using = using;
  }

  #deployed(declaration: Deployed, around: DeployedSymbol | undefined): void {
    const symbol = around === undefined ? declaration.name : `${around.symbol}::${declaration.name}`;
    const known: DeployedSymbol = { symbol, declaration, around };
    this.deployed.set(symbol, known);
    for (const child of declaration.body.resources) this.#deployed(child, known);
  }

  #import(declaration: ImportDeclaration): void {
    if (declaration.from.kind !== 'string') return;
    const path = isLocal(declaration.from.value)
      ? this.resolve(declaration.from.value)
      : declaration.from.value;
    if (declaration.wildcard !== undefined) {
      this.imports.set(declaration.wildcard, { path, name: undefined, declaration });
    }
    for (const { name, as } of declaration.names) this.imports.set(as, { path, name, declaration });
  }

  /** A path that is written in this file, from where the paths of the run start. */
  resolve(written: string): string {
    return posix.isAbsolute(written) ? written : posix.join(posix.dirname(this.file.path), written);
  }

  /** The template that a file of parameters gives values to; undefined where it is in a registry. */
  get template(): string | undefined {
    return this.using?.kind === 'string' && isLocal(this.using.value)
      ? this.resolve(this.using.value)
      : undefined;
  }

  /** Files that this one deploys, imports from or extends, without those of a registry. */
  get references(): readonly string[] {
    const written = [
      ...[...this.deployed.values()].flatMap(({ declaration }) =>
        declaration.kind === 'module' && declaration.path.kind === 'string' ? declaration.path.value : [],
      ),
      ...this.file.statements.flatMap((statement) =>
        statement.kind === 'import' && statement.from.kind === 'string' ? statement.from.value : [],
      ),
    ];
    const own = written.filter(isLocal).map((path) => this.resolve(path));
    return this.extended === undefined ? own : [...own, this.extended];
  }
}

/** False for modules of a registry and template specs. */
export function isLocal(path: string): boolean {
  return !/^(?:br|ts|oci)[:/]/.test(path);
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/file#decorators */
const DECORATORS: ReadonlySet<string> = new Set([
  'allowed',
  'batchSize',
  'description',
  'discriminator',
  'export',
  'maxLength',
  'maxValue',
  'metadata',
  'minLength',
  'minValue',
  'nullIfNotFound',
  'onlyIfNotExists',
  'retryOn',
  'sealed',
  'secure',
  'validate',
  'waitUntil',
]);

/** The first decorator of a declaration that Bicep does not have. */
export function unknownDecorator({ decorators }: Pick<Declaration, 'decorators'>): Decorator | undefined {
  return decorators.find(({ name }) => !DECORATORS.has(name));
}
