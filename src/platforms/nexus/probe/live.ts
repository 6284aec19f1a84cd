import type {ProbeReport} from '../../platform.ts';
import {toMultipart} from '../multipart.ts';
import {callWith, isTaken, type LiveOptions, toAnswered} from './call.ts';
import {findInboundForm, findReceiptForm} from './forms.ts';
import {toFinding} from './paths.ts';

/** Rightly signed calls, in the order of what they leave behind: nothing, a file, a receipt for no message, and at last one text. */
export async function probeLive(options: LiveOptions): Promise<ProbeReport> {
  const report: ProbeReport = {lines: [], findings: [], warnings: []};
  const encoding = await findEncoding(options, report);
  if (encoding === undefined) return report;
  const {routes} = options;
  const contract = {...options.contract, signatureEncoding: encoding};
  if (routes['media path']) await findMediaSignature({...options, contract}, report);
  const receiptForm = routes['receipt path'] ? await findReceiptForm({...options, contract}, report) : undefined;
  if (routes['inbound path']) await findInboundForm({...options, contract: receiptForm ?? contract}, report);
  return report;
}

/** An empty object creates nothing; any answer of a route but 401 says the signature was right. */
async function findEncoding(options: LiveOptions, {lines, findings, warnings}: ProbeReport) {
  const {contract, routes} = options;
  const paths = {'receipt path': contract.receiptPath, 'inbound path': contract.inboundPath} as const;
  const path = (['receipt path', 'inbound path'] as const).filter(route => routes[route]).map(route => paths[route])[0];
  if (path === undefined) {
    warnings.push('No route was found, so nothing was called with a right signature.');
    return undefined;
  }
  let isForbidden = false;
  for (const encoding of new Set([contract.signatureEncoding, 'hex', 'base64'] as const)) {
    const changed = {...contract, signatureEncoding: encoding};
    const answer = await callWith(options, changed, options.channel, {path, body: Buffer.from('{}')});
    const status = 'failed' in answer ? undefined : answer.status;
    const unclear = status === undefined || status >= 500 || status === 403;
    const fits = unclear ? 'unclear' : status === 401 ? 'no' : 'yes';
    lines.push({question: 'signature encoding', candidate: encoding, answered: toAnswered(answer), fits});
    isForbidden ||= status === 403;
    if (fits !== 'yes') continue;
    findings.push(toFinding('contract.signatureEncoding', encoding, 'certain', contract.signatureEncoding));
    return encoding;
  }
  if (isForbidden) {
    const value = contract.apiKey === undefined ? 'the key of this API' : 'another key';
    findings.push({setting: 'contract.apiKey', value, sure: 'likely', differs: true});
    warnings.push(
      'Nexus answered 403 to every signature: it asks for an API key, contract.apiKey, or ccid is another.',
    );
    return undefined;
  }
  warnings.push('No signature fits: compare the channel’s apiSecret with the Async service.');
  return undefined;
}

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);

async function findMediaSignature(options: LiveOptions, {lines, findings}: ProbeReport): Promise<void> {
  const {contract, channel} = options;
  const {uploadPath: path, signature} = contract.media;
  const {body, contentType} = toMultipart({bytes: picture, contentType: 'image/png', filename: 'probe.png'});
  for (const over of new Set([signature, 'body', 'file'] as const)) {
    const signed = over === 'file' ? picture : body;
    const answer = await callWith(options, contract, channel, {path, body, contentType, signed});
    const taken = isTaken(answer);
    lines.push({
      question: 'media signature',
      candidate: over,
      answered: toAnswered(answer),
      fits: taken ? 'yes' : 'no',
    });
    if (!taken) continue;
    findings.push(toFinding('contract.media.signature', over, 'certain', signature));
    return;
  }
}
