/** The files of a run, as far as source code asks for them. Paths are the user's, or joined to those. */
export interface SourceFiles {
  /** The bytes of a file; undefined where there is none. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** What a folder holds, in order of names; undefined where there is no such folder. */
  readonly list: (folder: string) => readonly FolderEntry[] | undefined;
  /** The absolute path once symbolic links are followed; undefined where there is nothing. */
  readonly real: (path: string) => string | undefined;
  /** The absolute path of the repository that holds a folder; undefined where there is none. */
  readonly repository: (folder: string) => string | undefined;
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** A symbolic link to a file outside of the repository, or of the folder where there is none. */
  readonly leadsOut?: true;
}

/** True where the folder is the other, or holds it. Both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const parent = folder.replace(/[\\/]+$/, '');
  return path === parent || path.startsWith(`${parent}/`) || path.startsWith(`${parent}\\`);
}

/** Configurations and values of variables, HCL or JSON; states and plans are told from their content. */
export function isTerraformSource(path: string): boolean {
  return /\.tf(?:vars)?(?:\.json)?$/.test(path);
}

/** Templates in Bicep, and files of parameters for them. */
export function isBicepSource(path: string): boolean {
  return /\.bicep(?:param)?$/i.test(path);
}

/**
 * An ARM template or a file of its parameters, told from its first member. Nearly every file is one, and then nothing else
 * need be looked for in all of its text.
 */
export function declaresTemplate(head: string): boolean {
  return TEMPLATE.test(head);
}

const TEMPLATE =
  /^\uFEFF?\s*\{\s*"\$schema":\s*"https?:\/\/schema\.management\.azure\.com\/schemas\/[\d-]+\/\w+\.json#?"/;
