import {type Html, html, type Part} from './html.ts';
import type {Session} from './session.ts';

export interface Page {
  title: string;
  body: Html;
  status?: number;
  /** Parts with `data-live` are fetched again this often, where scripts run. */
  refreshSeconds?: number;
}

const places = [
  ['/console/', 'Now'],
  ['/console/search', 'Search'],
  ['/console/campaigns', 'Campaigns'],
  ['/console/dead-letters', 'Dead letters'],
  ['/console/opt-outs', 'Opt-outs'],
  ['/console/events', 'Events'],
  ['/console/audit', 'Audit'],
] as const;

export interface Frame {
  page: Page;
  session: Session | undefined;
  path: string;
  /** Names of the stylesheet and the script, with what tells their versions apart. */
  assets: {style: string; script: string};
}

/** The whole document around a page. */
export function toDocument({page, session, path, assets}: Frame): Html {
  const refresh = page.refreshSeconds === undefined ? undefined : html` data-refresh="${page.refreshSeconds}"`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · nexus-async-gateway</title>
<link rel="icon" href="/console/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
<script src="${assets.script}" defer></script>
</head>
<body${refresh}>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<p class="brand"><a href="/console/">nexus-async-gateway</a></p>
${session !== undefined && toNavigation(session, path)}
</header>
<main id="main" tabindex="-1">
<h1>${page.title}</h1>
${page.body}
</main>
</body>
</html>
`;
}

function toNavigation({name, role, formKey}: Session, path: string): Part {
  return html`<nav aria-label="Console"><ul>${places.map(
    ([href, title]) => html`<li><a href="${href}"${isHere(href, path) && html` aria-current="page"`}>${title}</a></li>`,
  )}</ul></nav>
<form class="who" method="post" action="/console/sign-out">
<input type="hidden" name="formKey" value="${formKey}">
<span>${name} <span class="quiet">(${role})</span></span> <button class="plain">Sign out</button>
</form>`;
}

function isHere(href: string, path: string): boolean {
  if (href === '/console/') return path === '/console' || path === '/console/';
  return path.startsWith(href) || (href === '/console/search' && path.startsWith('/console/messages'));
}
