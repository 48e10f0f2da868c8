import { UsageError } from '../errors.ts';

export function requirements(): Promise<number> {
  return Promise.reject(new UsageError('not yet'));
}
