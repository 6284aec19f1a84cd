import http from 'node:http';
import https from 'node:https';
import type {Endpoint} from '../../src/core/examination.ts';
import {type Finding, ok, problem, unknown, warning} from './finding.ts';

const timeoutMs = 10_000;
const offMs = 5000;
const wrongMs = 60_000;

/** How far a party's clock is ahead of ours by its `Date` header, ms; undefined when it tells none. Never rejects. */
export function readSkew({host, port, tls}: Endpoint, now: () => number): Promise<number | undefined> {
  const secure = tls && {servername: tls.servername, rejectUnauthorized: false};
  const options = {host, port, method: 'HEAD', path: '/', timeout: timeoutMs, agent: false, ...secure};
  return new Promise(resolve => {
    const asked = now();
    const request = (secure ? https : http).request(options, response => {
      response.resume();
      const told = Date.parse(response.headers.date ?? '');
      // The header counts in whole seconds.
      resolve(Number.isNaN(told) ? undefined : told + 500 - (asked + now()) / 2);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
    request.end();
  });
}

/** One party that agrees with us is enough: the others are wrong then. Pure. */
export function judgeClock(skews: readonly number[]): Finding {
  const nearest = skews.toSorted((one, other) => Math.abs(one) - Math.abs(other))[0];
  if (nearest === undefined) {
    return unknown('clock_unread', 'No party tells its time, so that the clock was not compared: look at timedatectl.');
  }
  const off = Math.abs(nearest);
  const seconds = Math.round(off / 1000);
  const side = nearest > 0 ? 'behind' : 'ahead of';
  if (off >= wrongMs) {
    const message = `This machine's clock is ${seconds} s ${side} everybody else's: set it by NTP. Certificates, signatures' dates and validity times are judged by it.`;
    return problem('clock_wrong', message);
  }
  if (off >= offMs)
    return warning('clock_off', `This machine's clock is ${seconds} s ${side} the others': let NTP keep it.`);
  return ok('clock', 'The clock agrees with the other parties.');
}
