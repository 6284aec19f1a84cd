/** Names and addresses that never leave this machine (RFC 6761 6.3, RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1]?)$/i.test(host);
}

/** Those that no party on the internet can reach: loopback, and addresses of private networks (RFC 1918, RFC 4193). */
export function isPrivateHost(host: string): boolean {
  if (isLoopbackHost(host)) return true;
  return /^(10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2}|172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2}|\[?f[cd][\da-f]{2}:.*)$/i.test(
    host,
  );
}
