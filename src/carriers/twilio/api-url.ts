/** Where calls go. */
export interface ApiPlace {
  /** Takes every call; sub-domains other than `api` keep theirs only if this is one of Twilio's own hosts. */
  apiUrl: string;
  /** Both or none (twilio.com/docs/global-infrastructure): `ie1`, `dublin`. */
  region?: string | undefined;
  edge?: string | undefined;
}

/** `https://messaging.twilio.com/v1/…` to the same path at our place; within Twilio, at that product's host in our region. */
export function toApiUrl(uri: string, params: object, {apiUrl, region, edge}: ApiPlace): URL {
  const asked = new URL(uri);
  const base = new URL(apiUrl);
  if (base.hostname.endsWith('.twilio.com')) {
    const [product = 'api'] = asked.hostname.split('.');
    const rest = region === undefined ? base.hostname.split('.').slice(1) : [edge, region, 'twilio', 'com'];
    base.hostname = [product, ...rest].join('.');
  }
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${asked.pathname}${asked.search}`);
  for (const [name, value] of toForm(params)) url.searchParams.append(name, value);
  return url;
}

/** A file's address as Twilio's webhooks have it; where `apiUrl` is not Twilio's own, its API is not to be had elsewhere. */
export function toFileUrl(address: string, place: ApiPlace): string {
  const url = URL.parse(address);
  if (url === null || new URL(place.apiUrl).hostname.endsWith('.twilio.com')) return address;
  const isOfApi = url.protocol === 'https:' && /^api(\.[\w-]+)*\.twilio\.com$/.test(url.hostname);
  return isOfApi ? toApiUrl(address, {}, place).href : address;
}

/** Arrays as repeated names, as Twilio reads them; what is undefined is left out. */
export function toForm(data: object): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) form.append(name, String(one));
    }
  }
  return form;
}
