import { InputError } from '../errors.ts';
import type { InputFormat } from '../model/format.ts';
import type { Place } from '../model/place.ts';
import type { Cloud, InputSummary, Policy } from '../model/policy.ts';
import type { Remark } from '../model/remark.ts';
import { ApplianceFiles } from './appliance/files.ts';
import type { Appliances } from './appliance/load.ts';
import { readAzureFirewall } from './azure-firewall/index.ts';
import { atSource, readBicepRoot } from './bicep-root.ts';
import type { Bicep, BicepRoot } from './bicep/index.ts';
import {
  alike,
  holdsCluster,
  isBesideFirewall,
  keptFor,
  keptRoot,
  neverJudged,
  noCluster,
  surroundingsOf,
  TERRAFORM_ALONE,
  usable,
  type Kept,
} from './beside-firewall.ts';
import { decodeText } from './json/decode.ts';
import { readJson } from './json/read.ts';
import { jsonRemarks } from './json/remarks.ts';
import { EXPECTED, recogniseJson, recogniseSource, type Recognised } from './recognise.ts';
import { isFirewall, isFirewallType, noBase, noPolicy, reasonToSkip, whyNone } from './no-firewall.ts';
import { readParameterFile, unusedParameters } from './parameter-file.ts';
import type { Extraction } from './resource.ts';
import { isBicepSource, isTerraformSource } from './source-files.ts';
import { isCompiledBicep, parametersOf, readTemplate } from './templates.ts';
import { summariesOf } from './summaries.ts';
import type { SourceReading, SourceText, Terraform } from './terraform/index.ts';
import type { ObjectValue, Value } from './value.ts';

export { isSnapshot, settleCloud, type CloudHint } from './cloud.ts';
export { declaresTemplate, isBicepSource, isTerraformSource } from './source-files.ts';

export interface InputFile {
  /** As the user named it; `-` for standard input. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** False for a file that was met while walking a directory. */
  readonly named: boolean;
}

export interface ParseOptions {
  readonly cloud: Cloud;
  /** Of --parameters, in order. They apply to every template. */
  readonly parameters: readonly InputFile[];
  /** Of --base-policy. */
  readonly basePolicies: readonly InputFile[];
  /** Of --cluster: what they hold of firewalls is not judged. */
  readonly clusters?: readonly InputFile[];
  /** Reads Terraform; present where one of the files is Terraform's, since loading it takes time. */
  readonly terraform?: Terraform | undefined;
  /** Reads exports of appliances; present where one of the files is one. */
  readonly appliances?: Appliances | undefined;
  /** Reads Bicep; present where one of the files is Bicep. */
  readonly bicep?: Bicep | undefined;
}

export interface Note {
  readonly message: string;
  readonly place: Place;
}

export interface Parsed {
  /** Empty only where no file was named. */
  readonly policies: readonly Policy[];
  /** Files that were read, parameter and base policy files included. */
  readonly inputs: readonly InputSummary[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly notes: readonly Note[];
  /** Of all files, parameter files included, in order. */
  readonly remarks: readonly Remark[];
  /** What reports do not quote. */
  readonly sensitive: readonly Value[];
  /** Everything of the files, for reading clusters from it; empty where there is none. */
  readonly surroundings: ReturnType<typeof surroundingsOf>;
}

/**
 * Reads all files of a run into policies. They form one pool: a policy, its rule collection groups, IP groups and base
 * may stand in files of their own; each template is evaluated by itself. Throws an InputError for a named file that is
 * nothing of that, and for a firewall's file that is broken, named or not.
 */
export function parseInputs(files: readonly InputFile[], options: ParseOptions): Parsed {
  return new InputParser(options).parse(files);
}

interface Read extends Kept {
  readonly file: Pick<InputFile, 'path' | 'named'>;
  readonly text: string;
  readonly indentation?: string | undefined;
  readonly extraction: Extraction;
}

interface RecognisedFile {
  readonly file: InputFile;
  readonly text: string;
  readonly indentation?: string | undefined;
  readonly what: Recognised;
}

class InputParser {
  readonly #options: ParseOptions;
  readonly #notes: Note[] = [];
  readonly #skipped: { path: string; reason: string }[] = [];
  /** Texts of configurations that places of a plan or state lead to. */
  readonly #sourceTexts = new Map<string, SourceText & { readonly format: InputFormat }>();
  readonly #parameterFiles: { file: InputFile; text: string; holdsRules: boolean }[] = [];
  readonly #appliances = new ApplianceFiles<InputFile>();
  /** Bicep files of the input. */
  #sources: ReadonlySet<string> = new Set();
  /** Bicep files that a root was made of. */
  readonly #shown = new Set<string>();
  /** Names of the parameters that the templates have, lower case. */
  readonly #declared = new Set<string>();

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  parse(files: readonly InputFile[]): Parsed {
    const parameters = this.#options.parameters.map((file) => this.#parameterFile(file));
    const values = parameters.map(({ value }) => value);
    const used = new Set(this.#options.parameters.map(({ path }) => path));
    const { basePolicies, clusters: clusterFiles = [] } = this.#options;
    const given = new Set([...basePolicies, ...clusterFiles].map(({ path }) => path));
    this.#sources = new Set(files.flatMap(({ path }) => (isBicepSource(path) ? path : [])));
    const found = this.#readAll(
      files.filter(({ path }) => !used.has(path) && !given.has(path)),
      values,
    );
    const bases = this.#readAll(basePolicies, values);
    const clusters = this.#readAll(clusterFiles, values);
    if (clusterFiles[0] !== undefined && !clusters.some(holdsCluster)) throw noCluster(clusterFiles[0].path);
    const own = usable(found, [...found, ...clusters].some(holdsCluster), ({ file }, path, problem) => {
      this.#refuse({ ...file, path }, problem);
    });
    for (const { path } of basePolicies) {
      const base = bases.find(({ file }) => file.path === path);
      if (base?.extraction.resources.some(isFirewall) !== true) throw noBase(path);
    }
    const read = [...own, ...bases, ...clusters];
    if (this.#declared.size > 0)
      for (const value of values) this.#notes.push(...unusedParameters(value, this.#declared));
    this.#judgeParameterFiles(read.some(({ extraction }) => extraction.format === 'arm-template'));

    const readPaths = new Set(read.map(({ file }) => file.path));
    const resources = own.flatMap(({ extraction }) => extraction.resources);
    const gaps = [...own, ...bases].flatMap(({ extraction }) => extraction.gaps);
    const appliances = this.#appliances.read(this.#options.appliances, resources, gaps);
    for (const { file, problem } of appliances.refused) this.#refuse(file, problem);
    const azure = readAzureFirewall({ resources, gaps, bases: neverJudged(bases, read) });
    const { notes, counts, missingPolicies } = azure;
    const policies = [...azure.policies, ...appliances.policies];
    const named = own.find(({ file }) => file.named);
    if (policies.length === 0 && named !== undefined) {
      throw noPolicy(named.file.path, named.extraction.resources, missingPolicies);
    }
    return {
      policies,
      inputs: summariesOf(read, [...this.#sourceTexts.values()], parameters, { counts, appliances }),
      // A file of data in a folder may be no input of its own and still be read by a configuration.
      skipped: this.#skipped.filter(({ path }) => !readPaths.has(path)),
      notes: [...this.#notes, ...notes, ...appliances.notes],
      sensitive: read.flatMap(({ extraction }) => extraction.sensitive ?? []),
      surroundings: surroundingsOf([...own, ...clusters]),
      remarks: [
        ...read.flatMap(({ file, text, extraction }) => extraction.remarks ?? jsonRemarks(file.path, text)),
        ...[...this.#sourceTexts.values()].flatMap(({ remarks }) => remarks),
        ...appliances.remarks,
        ...parameters.flatMap(({ path, text }) => jsonRemarks(path, text)),
      ],
    };
  }

  #readAll(all: readonly InputFile[], parameters: readonly Value[]): Read[] {
    const { terraform, bicep } = this.#options;
    const hcl = terraform === undefined ? [] : all.filter(({ path }) => isTerraformSource(path));
    const source = bicep === undefined ? [] : all.filter(({ path }) => isBicepSource(path));
    const others = new Set([...hcl, ...source]);
    const files = others.size === 0 ? all : all.filter((file) => !others.has(file));
    return [
      ...this.#readFiles(files, parameters),
      ...this.#readTerraform(hcl),
      ...this.#readBicep(source, parameters),
    ];
  }

  #readBicep(files: readonly InputFile[], parameters: readonly Value[]): Read[] {
    const { bicep, cloud } = this.#options;
    if (bicep === undefined || files.length === 0) return [];
    const { roots, skipped } = bicep.read(files, cloud);
    this.#skipped.push(...skipped);
    return roots.flatMap((root) => {
      const label = roots.length > 1 ? `${root.path}: ` : '';
      return this.#readBicepRoot(root, parameters, label);
    });
  }

  /** The files that a template is made of; its resources come with the one that was given. */
  #readBicepRoot(root: BicepRoot, given: readonly Value[], label: string): Read[] {
    const { path, named, template } = root;
    for (const name of parametersOf(template)) this.#declared.add(name);
    root.parameters.forEach((value) => {
      this.#notes.push(...unusedParameters(value, this.#declared));
    });
    const reading = readBicepRoot(root, given, label, this.#options.cloud);
    const found = this.#withFirewall({ path, named }, reading.extraction, reading.isFirewall);
    if (found === undefined) return [];
    const all = root.files();
    const paths = new Set(all.map((file) => file.path));
    // A module that two roots deploy is shown once; one of a root's files carries what it deploys.
    const files = all.filter((file) => file.path === path || !this.#shown.has(file.path));
    paths.forEach((one) => this.#shown.add(one));
    const gaps = found.gaps.map((gap) => ({ ...gap, files: gap.files ?? paths }));
    const kept = keptFor(found, { path, named });
    return files.map(({ path: at, text, remarks }) => {
      const format = isBicepSource(at) ? 'bicep' : 'bicep-data';
      const extraction = { format, resources: [], gaps: [], notes: [], remarks } as const;
      const carried = at === path ? { ...extraction, resources: found.resources, gaps } : extraction;
      return { file: { path: at, named }, text, extraction: carried, ...(at === path ? kept : alike(kept)) };
    });
  }

  #parameterFile(file: InputFile): { path: string; text: string; value: Value } {
    const { bicep, cloud } = this.#options;
    if (bicep === undefined || !isBicepSource(file.path)) return readParameterFile(file);
    const { value, files } = bicep.parameters(file.path, cloud);
    for (const one of files)
      if (one.path !== file.path) this.#sourceTexts.set(one.path, { ...one, format: 'bicep' });
    return { path: file.path, text: decodeText(file.bytes, file.path, 'Bicep'), value };
  }

  #readTerraform(files: readonly InputFile[]): Read[] {
    const { terraform } = this.#options;
    if (terraform === undefined || files.length === 0) return [];
    const { roots, skipped } = terraform.readSources(files);
    this.#skipped.push(...skipped);
    return roots.flatMap((root) => this.#readRoot(root));
  }

  /** The files of a root module; its resources come with the first of them. */
  #readRoot({ folder, named, resources, gaps, notes, files, sensitive }: SourceReading): Read[] {
    this.#notes.push(...notes);
    const isBeside = !resources.some(isFirewall) && resources.some(isBesideFirewall);
    if (!isBeside && !resources.some(isFirewall)) {
      const hidden =
        gaps.find(({ type }) => isFirewallType(type)) ?? (named === undefined ? undefined : gaps[0]);
      const why =
        hidden && `; what it holds cannot be seen: ${hidden.unknown.reason}; ${hidden.unknown.supply}`;
      const problem = `no firewall policy, rule collection group or classic firewall in it${why ?? ''}`;
      if (named !== undefined) throw new InputError(named, problem);
      this.#skipped.push({ path: folder, reason: why === undefined ? TERRAFORM_ALONE : problem });
      return [];
    }
    const kept = isBeside ? keptRoot(named, folder) : {};
    return files.map((file, at) => ({
      ...(at === 0 ? kept : alike(kept)),
      file: { path: file.path, named: named !== undefined },
      text: file.text,
      extraction: {
        format: file.format,
        resources: at === 0 ? resources : [],
        gaps: at === 0 ? gaps : [],
        notes: [],
        remarks: file.remarks,
        sensitive: at === 0 ? sensitive : [],
      },
    }));
  }

  #readFiles(files: readonly InputFile[], parameters: readonly Value[]): Read[] {
    const recognised = files.flatMap((file) => this.#recognise(file) ?? []);
    const templates = recognised.filter(({ what }) => what.kind === 'template').length;
    return recognised.flatMap(({ file, text, indentation, what }) => {
      // Parameters of one name in two templates are two unknowns.
      const extraction = this.#extract(file, text, what, parameters, templates > 1 ? `${file.path}: ` : '');
      if (extraction === undefined) return [];
      return [{ file, text, indentation, extraction, ...keptFor(extraction, file) }];
    });
  }

  #recognise(file: InputFile): RecognisedFile | undefined {
    const { path } = file;
    let text: string | undefined;
    try {
      text = decodeText(file.bytes, path);
      if (this.#appliances.take(file, text)) return undefined;
      const source = recogniseSource(text);
      if (source !== undefined) return { file, text, what: source };
      const { value, notes, indentation } = readJson(path, text);
      const what = recogniseJson(value, text);
      if (what.kind !== 'unknown') this.#notes.push(...notes);
      return { file, text, indentation, what };
    } catch (error) {
      if (!(error instanceof InputError) || file.named) throw error;
      this.#skipped.push({ path, reason: reasonToSkip(path, text, error) });
      return undefined;
    }
  }

  #extract(
    file: InputFile,
    text: string,
    what: Recognised,
    parameters: readonly Value[],
    label: string,
  ): Extraction | undefined {
    const { path } = file;
    switch (what.kind) {
      case 'template': {
        const { cloud } = this.#options;
        const { template, format } = what;
        const source = path.replace(/\.jsonc?$/i, '.bicep');
        if (!file.named && this.#sources.has(source) && isCompiledBicep(template)) {
          this.#refuse(file, `compiled from ${source}, which is read itself`);
          return undefined;
        }
        for (const name of parametersOf(template)) this.#declared.add(name);
        const reading = readTemplate({ path, template, format, parameters, cloud, label });
        const { bicep } = this.#options;
        const at = isCompiledBicep(template) ? bicep?.sourceOf(path, cloud) : undefined;
        for (const one of at?.files() ?? []) this.#sourceTexts.set(one.path, { ...one, format: 'bicep' });
        const extraction =
          at === undefined ? reading.extraction : atSource(reading.extraction, at, parameters, label, cloud);
        return this.#withFirewall(file, extraction, reading.isFirewall);
      }
      case 'exported':
        return this.#withFirewall(file, what.extraction);
      case 'terraform':
        return this.#state(file, what.root);
      case 'parameters':
        this.#parameterFiles.push({ file, text, holdsRules: what.holdsRules });
        return undefined;
      case 'unreadable':
        this.#refuse(file, what.advice);
        return undefined;
      case 'unknown':
        this.#refuse(file, `not recognised: found ${what.found}; ${EXPECTED}`);
        return undefined;
    }
  }

  #state(file: InputFile, root: ObjectValue): Extraction | undefined {
    const { terraform } = this.#options;
    if (terraform === undefined) throw new Error(`${file.path}: Terraform JSON without its reader`);
    const { extraction, texts, empty } = terraform.readState(file.path, root);
    for (const source of texts) this.#sourceTexts.set(source.path, { ...source, format: 'terraform' });
    this.#notes.push(...extraction.notes);
    if (extraction.resources.some((one) => isFirewall(one) || isBesideFirewall(one))) return extraction;
    this.#refuse(file, empty);
    return undefined;
  }

  #withFirewall(file: Read['file'], extraction: Extraction, isDeclared = false): Extraction | undefined {
    this.#notes.push(...extraction.notes);
    const { resources, gaps } = extraction;
    const isTemplate = /^(?:arm-|bicep)/.test(extraction.format);
    const isEmptyList = resources.length === 0 && gaps.length === 0 && !isTemplate;
    const isUsable = resources.some((one) => isFirewall(one) || (isBesideFirewall(one) && !isDeclared));
    if (isEmptyList || isUsable || gaps.some(({ type }) => isFirewallType(type))) {
      return extraction;
    }
    if (isDeclared) {
      const problem =
        'with the parameter values at hand it deploys no firewall policy, rule collection group or classic firewall; give the values that do with --parameters';
      this.#refuse(file, problem);
      return undefined;
    }
    this.#refuse(file, whyNone(extraction, file.named));
    return undefined;
  }

  #refuse(file: Read['file'], problem: string): void {
    if (file.named) throw new InputError(file.path, problem);
    this.#skipped.push({ path: file.path, reason: problem });
  }

  /** A parameter file is used only where --parameters names it: which one belongs to a template is not to be guessed. */
  #judgeParameterFiles(hasTemplate: boolean): void {
    for (const { file, holdsRules } of this.#parameterFiles) {
      const what = holdsRules ? 'a parameter file that holds rule collections' : 'a parameter file';
      if (!hasTemplate) {
        this.#refuse(file, `${what}: give the template too, and this file with --parameters`);
      } else {
        const message = `${what}, which is not used; give it with --parameters`;
        if (file.named) this.#notes.push({ message, place: { path: file.path, pointer: '' } });
        else this.#skipped.push({ path: file.path, reason: message });
      }
    }
  }
}
