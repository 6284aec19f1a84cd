import {AsyncLocalStorage} from 'node:async_hooks';

/** The official library takes no headers for one call: they go round it, from the one who calls to the client beneath. */
const current = new AsyncLocalStorage<Readonly<Record<string, string>>>();

export function withHeaders<Result>(headers: Readonly<Record<string, string>>, call: () => Result): Result {
  return current.run(headers, call);
}

export function extraHeaders(): Readonly<Record<string, string>> | undefined {
  return current.getStore();
}
