import { createHash } from 'node:crypto';
import { string } from '../../value.ts';
import { fn, open, type TerraformFunction } from './function.ts';

function hash(name: string, algorithm: string, encoding: 'hex' | 'base64'): TerraformFunction {
  return fn(name, 1, 1, (args) =>
    string(createHash(algorithm).update(args.text(0)).digest(encoding), args.place),
  );
}

/** https://developer.hashicorp.com/terraform/language/functions#hash-and-crypto-functions */
export const HASH_FUNCTIONS: readonly TerraformFunction[] = [
  hash('md5', 'md5', 'hex'),
  hash('sha1', 'sha1', 'hex'),
  hash('sha256', 'sha256', 'hex'),
  hash('sha512', 'sha512', 'hex'),
  hash('base64sha256', 'sha256', 'base64'),
  hash('base64sha512', 'sha512', 'base64'),
  ...['uuid', 'uuidv5', 'bcrypt', 'rsadecrypt', 'base64gzip'].map((name) =>
    open(name, 0, 2, (args) => args.atRunTime()),
  ),
];
