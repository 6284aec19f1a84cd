import Router, {type RouterContext} from '@koa/router';
import type {Next} from 'koa';
import {routeAudit} from './audit.ts';
import {type ConsentParts, routeConsent} from './consent.ts';
import {createConsole} from './console/index.ts';
import {routeControl} from './control.ts';
import {routeDeadLetters} from './dead-letters.ts';
import {routeExport} from './export.ts';
import {createGuard} from './guard.ts';
import {routeHealth} from './health.ts';
import {routeMessages} from './messages.ts';
import type {ManagementParts, ManagementToken} from './parts.ts';
import {type PrivacyParts, routePrivacy} from './privacy.ts';
import {type RecordParts, routeRecord} from './record.ts';
import {readJson} from './request.ts';
import {routeStop} from './stop.ts';

export type {Activity} from './activity.ts';
export type {ConsentParts} from './consent.ts';
export {createMetrics, type MetricsParts} from './metrics.ts';
export {createObservation, type Observation} from './observation.ts';
export type {
  KnownChannel,
  ManagementParts,
  ManagementToken,
  Operations,
  Readiness,
  Reloaded,
  ReloadState,
  SettleAs,
} from './parts.ts';
export type {PrivacyParts} from './privacy.ts';
export {createReadiness, type Phase} from './readiness.ts';
export type {RecordParts} from './record.ts';
export {withHealth} from './resting.ts';

export interface ManagementOptions {
  parts: ManagementParts;
  /** As they are at present. */
  tokens(): readonly ManagementToken[];
  metricsOpen: boolean;
  consent?: ConsentParts;
  recorder?: RecordParts;
  privacy?: PrivacyParts;
}

/** Everything of the management port. It reads its own bodies and throws `Refusal`s: the port around it makes them answers. */
export function createManagement({parts, tokens, metricsOpen, consent, recorder, privacy}: ManagementOptions): Router {
  const router = new Router();
  const guard = createGuard({tokens, log: parts.log, now: parts.now});
  // Before the rest: pages read forms, the API reads JSON.
  router.use(createConsole(parts, tokens, consent).routes());
  router.use(noStore, readJson);
  routeHealth(router, guard, parts, metricsOpen);
  // Before messages by their id.
  routeExport(router, guard, parts);
  routeDeadLetters(router, guard, parts);
  routeMessages(router, guard, parts);
  routeControl(router, guard, parts);
  routeStop(router, guard, parts);
  routeAudit(router, guard, parts);
  if (consent !== undefined) routeConsent(router, guard, consent);
  if (recorder !== undefined) routeRecord(router, guard, recorder, parts);
  if (privacy !== undefined) routePrivacy(router, guard, privacy);
  return router;
}

/** What is told here is of this moment, and not for a cache on the way. */
function noStore(ctx: RouterContext, next: Next): Promise<unknown> {
  ctx.set('Cache-Control', 'no-store');
  return next();
}
