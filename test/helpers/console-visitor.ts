import {operatorToken, type Peer} from './management-port.ts';

export interface Shown {
  status: number;
  headers: Headers;
  text: string;
}

/** A browser without scripts: keeps its cookie, sends the forms it was shown. */
export interface Visitor {
  get(path: string): Promise<Shown>;
  /** With the form's key of the page seen last, unless another is given. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Shown>;
  cookie(): string;
}

export async function visit({url}: Pick<Peer, 'url'>, token: string | undefined = operatorToken): Promise<Visitor> {
  let cookie = '';
  let formKey = '';

  async function ask(path: string, init: RequestInit & {headers?: Record<string, string>}): Promise<Shown> {
    const headers = {...init.headers, ...(cookie !== '' && {Cookie: cookie})};
    const response = await fetch(`${url}${path}`, {...init, headers, redirect: 'manual'});
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    formKey = /name="formKey" value="([^"]+)"/.exec(text)?.[1] ?? formKey;
    return {status: response.status, headers: response.headers, text};
  }

  const visitor: Visitor = {
    get: path => ask(path, {}),
    post: (path, fields = {}, headers = {}) =>
      ask(path, {method: 'POST', body: new URLSearchParams({formKey, ...fields}), headers}),
    cookie: () => cookie,
  };
  if (token !== '') {
    await visitor.post('/console/sign-in', {token});
    await visitor.get('/console/');
  }
  return visitor;
}
