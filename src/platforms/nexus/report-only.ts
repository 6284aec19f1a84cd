import type {Contract} from './contract.ts';

const longestMs = 7 * 86_400_000;

/**
 * Until when webhooks pass whatever their signature, Unix ms. A date further away than a week is a mistake, and lets nothing pass. It is judged when
 * the settings are taken over, and told then: such a date has no last week in which everything would pass unannounced.
 */
export function toReportedUntil({reportOnlyUntil}: Pick<Contract, 'reportOnlyUntil'>, now: number): number | undefined {
  if (reportOnlyUntil === undefined) return undefined;
  const until = Date.parse(reportOnlyUntil);
  return until > now && until - now <= longestMs ? until : undefined;
}
