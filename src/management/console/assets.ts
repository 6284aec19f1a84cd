import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import type {RouterContext} from '@koa/router';
import {Refusal} from '../../core/refusal.ts';

export interface Assets {
  names: {style: string; script: string};
  serve(ctx: RouterContext): void;
}

const types = {'console.css': 'text/css', 'console.js': 'text/javascript', 'icon.svg': 'image/svg+xml'} as const;
type Name = keyof typeof types;
const yearSeconds = 31_536_000;

/** The few files beside the pages, read once. Their addresses change with their content, so that they may be kept for long. */
export function loadAssets(): Assets {
  const files = new Map(Object.keys(types).map(name => [name, read(name)]));
  const versioned = (name: Name) => `/console/assets/${name}?v=${toVersion(files.get(name))}`;
  return {
    names: {style: versioned('console.css'), script: versioned('console.js')},
    serve(ctx) {
      const name = ctx.params.name ?? '';
      const content = files.get(name);
      if (content === undefined || !isName(name)) throw new Refusal(404, 'not_found', 'There is no such file.');
      ctx.set('Cache-Control', `public, max-age=${yearSeconds}, immutable`);
      ctx.type = types[name];
      ctx.body = content;
    },
  };
}

function isName(name: string): name is Name {
  return Object.hasOwn(types, name);
}

function read(name: string): Buffer {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url));
}

function toVersion(content: Buffer | undefined): string {
  return createHash('sha256')
    .update(content ?? '')
    .digest('hex')
    .slice(0, 12);
}
