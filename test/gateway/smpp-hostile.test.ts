import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import type {PretendSmsc, PretendSmscOptions, Submit} from '../../src/sandbox/smsc.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const count = 18;
/** Three segments of GSM 03.38. */
const long = 'The quick brown fox jumps over the lazy dog. '.repeat(9);
const fast = `    messagesPerSecond: 400
    window: 4
    responseTimeout: 400ms
    enquireLink: 300ms
    enquireLinkTimeout: 300ms
    partialTimeout: 100ms
    reconnectFirst: 50ms`;

interface Behaviour {
  /** What the SMSC is from the start. */
  smsc?: Partial<PretendSmscOptions>;
  before?(smsc: PretendSmsc): void;
  /** What it does when a third of the texts has come. */
  meanwhile?(smsc: PretendSmsc): void;
  /** The states its texts may end in. */
  ends: readonly string[];
}

/** Whatever the SMSC does: each text ends in one right state, no phone shows one twice, and Nexus is told of each end once. */
const ends = test.macro({
  async exec(t, {smsc: options = {}, before, meanwhile, ends: allowed}: Behaviour) {
    const world = await startWorld(t, {more: {smsc: fast}, peers: {smsc: options}});
    const {smsc, nexus} = world.peers;
    before?.(smsc);
    const texts = Array.from({length: count}, (_, index) => (index % 4 === 0 ? long : `text ${index}`));
    const phones = texts.map((_, index) => `1415555${3000 + index}`);
    const ids = await Promise.all(texts.map((text, index) => world.send({to: `+${phones[index]}`, text})));
    await until('a third of them', () => smsc.submits.length >= count / 3);
    meanwhile?.(smsc);
    await until('every end', async () => (await statesOf(world, ids)).every(state => allowed.includes(state)), 40_000);
    const states = await statesOf(world, ids);
    const delivered = ids.filter((_, index) => states[index] === 'delivered');
    await until('every receipt', () => nexus.receipts.length >= delivered.length);
    const told = nexus.receipts.flatMap(({messages}) => messages).map(message => (message as {id: string}).id);
    t.deepEqual(told.toSorted(), delivered.toSorted());
    for (const [index, phone] of phones.entries()) {
      const shown = smsc.phones.filter(({to}) => to === phone);
      t.true(shown.length <= 1, `${phone} shows ${shown.length}`);
      if (states[index] === 'delivered') t.is(shown[0]?.text, texts[index]);
    }
  },
  title: (what = '') => `an SMSC that ${what}: every text ends in one right state`,
});

const arrived = ['delivered'];
const perhaps = ['delivered', 'unknown'];
const header = (length: number, id: number) => Buffer.from(new Uint32Array([length, id, 0, 9]).buffer).swap32();
const writeToAll = (bytes: Buffer) => (smsc: PretendSmsc) => {
  for (const session of smsc.sessions()) session.write(bytes);
};

test.serial('throttles every third segment', ends, {
  before: ({faults}) => void Object.assign(faults, {throttleEvery: 3}),
  ends: arrived,
});
test.serial('is full now and then (0x14)', ends, {
  before: smsc => void smsc.faults.next.push({pass: true}, {status: 0x14}, {pass: true}, {status: 0x14}),
  ends: arrived,
});
test.serial('is congested', ends, {before: ({faults}) => void Object.assign(faults, {congestion: 95}), ends: arrived});
test.serial('sends receipts early and twice, in another notation', ends, {
  before: smsc => void Object.assign(smsc.faults.receipts, {early: true, doubled: true, notation: 'decimal'}),
  smsc: {latencyMs: 10},
  ends: arrived,
});
test.serial('loses every receipt', ends, {smsc: {receipts: 'none'}, ends: ['sent']});
test.serial('unbinds politely in the middle', ends, {meanwhile: smsc => smsc.unbindAll(), ends: arrived});
test.serial('cuts with a full window', ends, {
  smsc: {latencyMs: 30},
  meanwhile: smsc => smsc.disconnectAll(),
  ends: perhaps,
});
test.serial('loses some answers', ends, {
  before: smsc => void smsc.faults.next.push({silent: true}, {pass: true}, {silent: true}),
  ends: perhaps,
});
test.serial('answers some after their time', ends, {
  before: smsc => void smsc.faults.next.push({lateMs: 600}, {pass: true}, {lateMs: 700}),
  ends: arrived,
});
test.serial('begins a PDU and leaves it', ends, {meanwhile: writeToAll(header(64, 5)), ends: perhaps});
test.serial('sends an endless PDU', ends, {meanwhile: writeToAll(header(0x7fffffff, 5)), ends: perhaps});
test.serial('sends a PDU shorter than its header', ends, {meanwhile: writeToAll(header(8, 5)), ends: perhaps});
test.serial('sends a command nobody knows', ends, {meanwhile: writeToAll(header(16, 0x9999)), ends: arrived});
test.serial('refuses binds for a while', ends, {
  meanwhile(smsc) {
    Object.assign(smsc.faults, {refuseBinds: 0x05});
    smsc.unbindAll();
    setTimeout(() => Object.assign(smsc.faults, {refuseBinds: undefined}), 300);
  },
  ends: arrived,
});

/** How a receipt may be written; each is of the text whose submission it is made from. */
const written = test.macro({
  async exec(t, toReceipt: (submit: Submit) => {text: string; dataCoding?: number; esmClass?: number}) {
    const world = await startWorld(t, {more: {smsc: fast}, peers: {smsc: {receipts: 'none'}}});
    const {smsc} = world.peers;
    const ids = await Promise.all(['one', 'two'].map((text, index) => world.send({to: `+1415555012${index}`, text})));
    for (const id of ids) await world.reaches(id, 'sent');
    for (const submit of smsc.submits) {
      const {text, dataCoding = 0, esmClass = 4} = toReceipt(submit);
      const bytes =
        dataCoding === 8 && !text.startsWith('id') ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text);
      const ends = {source: submit.destination, destination: made.smppChannel};
      t.is(await smsc.deliver({...ends, esmClass, dataCoding, shortMessage: bytes}), 0);
    }
    for (const id of ids) await world.reaches(id, 'delivered');
    await until('two receipts', () => world.peers.nexus.receipts.length === 2);
    t.is(world.peers.nexus.messages.length, 0);
  },
  title: (what = '') => `a receipt ${what} ends its text (facts 2.1)`,
});

const dateOf = ({at}: Submit) => new Date(at).toISOString().slice(2, 16).replace(/\D/g, '');
test.serial('in upper case, its words in another order', written, ({messageId}) => ({
  text: `STAT:DELIVRD ERR:0 ID:${messageId}`,
}));
test.serial('marked UCS-2 though it is ASCII', written, ({messageId}) => ({
  text: `id:${messageId} stat:DELIVRD`,
  dataCoding: 8,
}));
test.serial('truly in UCS-2', written, ({messageId}) => ({text: ` id:${messageId} stat:DELIVRD`, dataCoding: 8}));
test.serial('that nothing flags as one', written, ({messageId}) => ({
  text: `id:${messageId} stat:DELIVRD`,
  esmClass: 0,
}));
test.serial('with an extra bit in esm_class', written, ({messageId}) => ({
  text: `id:${messageId} stat:DELIVRD`,
  esmClass: 0x84,
}));
test.serial('with an id nobody was told and no other', written, submit => ({
  text: `submit date:${dateOf(submit)} stat:DELIVRD text:${submit.text}`,
}));

async function statesOf(world: World, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async id => (await world.message(id)).state));
}
