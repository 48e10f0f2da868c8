// @ts-check
import { armTemplate } from './arm-template.js';
import { bicep } from './bicep.js';
import { terraform } from './terraform.js';

/**
 * Examples of checks are written once (fixtures/checks) and shown in each format that people write: a format is one entry
 * here. The pages of the checks show its snippets, and a test lints its files.
 *
 * @typedef {object} Example rules as Azure's API writes them
 * @property {Readonly<Record<string, unknown>>} [policy] properties of the policy that are not the usual ones
 * @property {readonly { name: string, priority: number, action: 'Allow' | 'Deny', rules: readonly Readonly<Record<string, unknown>>[] }[]} collections
 * @property {string} [firewall] the policy of a firewall beside it
 * @property {Beside} [beside] a cluster and its network, which each format writes in its own way; then the page shows these
 * @property {object} [endpoints] what Azure lists for the cluster
 * @property {object} [serviceTags] Microsoft's list of service tags
 *
 * @typedef {object} Beside
 * @property {readonly Readonly<Record<string, unknown>>[]} arm-template resources
 * @property {readonly string[]} terraform lines
 *
 * @typedef {object} CheckExample
 * @property {readonly string[]} flags of the command line
 * @property {Example} incorrect the check fires on it…
 * @property {Example} correct …and is silent on this
 *
 * @typedef {object} Format
 * @property {string} id as reports name it
 * @property {string} title what an example is written in, as it stands behind "in"
 * @property {string} language of a code block
 * @property {string} fileName by which a file of the format is recognised
 * @property {(example: Example) => string} file a whole file
 * @property {(example: Example) => string} snippet the part that the example is about
 */

/** @type {readonly Format[]} */
export const FORMATS = [armTemplate, bicep, terraform];
