import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../commands/repository.ts';
import type { World } from './world.ts';

/** A commit to compare with. */
export interface Base {
  readonly commit: string;
  /** For people: "main (1a2b3c4)". */
  readonly name: string;
}

/** Why there is nothing to compare with; a finished sentence. */
export interface NoBase {
  readonly reason: string;
  /** Somebody asked for a comparison, so its absence is worth a warning. */
  readonly isWrong: boolean;
}

/** The parts of an event that name commits: pull requests and merge queues. */
interface Event {
  readonly pull_request?: { readonly base?: { readonly ref?: unknown; readonly sha?: unknown } };
  readonly merge_group?: { readonly base_ref?: unknown; readonly base_sha?: unknown };
}

const FETCH_MORE =
  "actions/checkout fetches it with 'fetch-depth: 2' for pull requests, or 'fetch-depth: 0' for all of the history.";

/** The clone that the job works in, by git. Nothing here asks a network or needs a token. */
export class Repository {
  /** The folder that paths of findings are relative to. */
  readonly root: string;
  readonly #world: World;

  /** @param folder absolute; where a checkout has no `.git`, the workspace is the root */
  constructor(folder: string, world: World) {
    this.#world = world;
    this.root = repositoryRoot(folder) ?? world.env['GITHUB_WORKSPACE'] ?? folder;
  }

  /** The commit that is checked out. */
  head(): string | undefined {
    return this.#commit('HEAD');
  }

  /**
   * The commit to compare with: the one that was asked for, or the one that a pull request or merge queue goes to.
   * A merge commit of GitHub's has the newest base as its first parent, newer than the one that the event names.
   */
  base(asked: string | undefined): Base | NoBase | undefined {
    if (asked !== undefined) return this.#askedBase(asked);
    const { pull_request: pull, merge_group: queue } = readEvent(this.#world.env['GITHUB_EVENT_PATH']);
    const name = textOf(pull?.base?.ref) ?? textOf(queue?.base_ref)?.replace(/^refs\/heads\//, '');
    const commit = textOf(pull?.base?.sha) ?? textOf(queue?.base_sha);
    if (commit === undefined) return undefined;
    const isMerge = /^refs\/pull\/\d+\/merge$/.test(this.#world.env['GITHUB_REF'] ?? '');
    const parent =
      isMerge && this.head() === this.#world.env['GITHUB_SHA'] ? this.#secondParent() : undefined;
    const found = parent ?? this.#forkPoint(commit);
    if (found === undefined) {
      return {
        reason: `What this change does is not shown: its base ${commit.slice(0, 7)} is not in this clone. ${FETCH_MORE}`,
        isWrong: false,
      };
    }
    return { commit: found, name: `${name ?? 'base'} (${found.slice(0, 7)})` };
  }

  #askedBase(asked: string): Base | NoBase {
    const commit = this.#commit(asked) ?? this.#commit(`refs/remotes/origin/${asked}`);
    const found = commit === undefined ? undefined : this.#forkPoint(commit);
    return found === undefined
      ? {
          reason: `Input 'base': there is no commit '${asked}' in this clone, so nothing is compared. ${FETCH_MORE}`,
          isWrong: true,
        }
      : { commit: found, name: `${asked} (${found.slice(0, 7)})` };
  }

  /** The base of a merge commit. */
  #secondParent(): string | undefined {
    return this.#commit('HEAD^2') === undefined ? undefined : this.#commit('HEAD^1');
  }

  /** Where the change began, as far as the clone goes back. */
  #forkPoint(base: string): string | undefined {
    const commit = this.#commit(base);
    if (commit === undefined) return undefined;
    const { ok, stdout } = this.#git(['merge-base', commit, 'HEAD']);
    return ok ? stdout.trim() : commit;
  }

  #commit(name: string): string | undefined {
    const { ok, stdout } = this.#git([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    return ok ? stdout.trim() : undefined;
  }

  /** Files that git knows, relative to the root. */
  tracked(): Set<string> {
    return this.#paths(['ls-files', '-z']);
  }

  /** Tracked files that are not as they are in a commit, relative to the root. */
  changedSince(commit: string): Set<string> {
    return this.#paths(['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', commit, '--']);
  }

  #paths(args: readonly string[]): Set<string> {
    // macOS decomposes accents in the names of files, git does not.
    const names = this.#git(args)
      .stdout.split('\0')
      .filter((name) => name !== '');
    return new Set(names.map((name) => name.normalize('NFC')));
  }

  /** Writes the files of a commit into a folder, as a repository of its own. False where that fails. */
  copy(commit: string, folder: string): boolean {
    mkdirSync(join(folder, '.git'), { recursive: true });
    const index = { GIT_INDEX_FILE: `${folder}.index` };
    if (!this.#git(['read-tree', commit], index).ok) return false;
    const prefix = `${folder.replaceAll('\\', '/')}/`;
    return this.#git(['checkout-index', '--all', '--force', `--prefix=${prefix}`], index).ok;
  }

  #git(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): { readonly ok: boolean; readonly stdout: string } {
    const settings = [
      // A job in a container works as another user than the one that owns the clone.
      `safe.directory=${this.root.replaceAll('\\', '/')}`,
      'core.fsmonitor=false',
      // Large files are not policies, and fetching them would need a network.
      'filter.lfs.required=false',
      'filter.lfs.smudge=',
      'filter.lfs.process=',
    ].flatMap((setting) => ['-c', setting]);
    const result = this.#world.execute('git', [...settings, ...args], this.root, env);
    return { ok: result?.status === 0, stdout: result?.stdout ?? '' };
  }
}

function readEvent(path: string | undefined): Event {
  if (path === undefined || !existsSync(path)) return {};
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
