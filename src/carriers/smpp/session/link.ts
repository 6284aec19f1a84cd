import net from 'node:net';
import tls from 'node:tls';
import {maxPduLength} from '../codec.ts';
import {createFramer, type FrameFault} from '../framer.ts';
import {createDeadline, type Deadline} from './deadline.ts';
import {createOutbox, type Outbox} from './outbox.ts';

export interface LinkOptions {
  host: string;
  port: number;
  localAddress: string | undefined;
  /** Undefined: plain TCP. */
  tls: tls.ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** The rest of a PDU must come within this. */
  partialTimeoutMs: number;
  onOpen(): void;
  onFrames(frames: Buffer[]): void;
  onFault(fault: FrameFault): void;
  onDrain(): void;
  /** Once, whoever closed it. */
  onClose(why: string): void;
}

export interface Link extends Pick<Outbox, 'answer' | 'request' | 'isCongested'> {
  /** Closes after what is waiting to be written, at the latest in a second. */
  end(why: string): void;
  destroy(why: string): void;
}

/** Beyond what the kernel holds: who asks on and takes none of the answers would have them all kept in memory. */
const mostOwedOctets = 256 * 1024;

/** A TCP or TLS connection that cuts its input into PDUs. It is used once: a new try is a new link. */
export function openLink(options: LinkOptions): Link {
  const {host, port} = options;
  const socket = connect(options);
  const framer = createFramer(maxPduLength);
  const outbox = createOutbox(socket, options.onDrain);
  let why: string | undefined;
  let closed = false;
  let partial: Deadline | undefined;
  const connectTimer = setTimeout(
    () => destroy(`no connection to ${host}:${port} within ${options.connectTimeoutMs} ms`),
    options.connectTimeoutMs,
  );

  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.once(options.tls === undefined ? 'connect' : 'secureConnect', () => {
    clearTimeout(connectTimer);
    if (!closed) options.onOpen();
  });
  socket.on('data', onData);
  socket.on('error', error => {
    why ??= describe(error);
  });
  socket.on('end', () => {
    why ??= 'the SMSC closed the connection';
  });
  socket.on('close', () => {
    clearTimeout(connectTimer);
    partial?.clear();
    if (closed) return;
    closed = true;
    options.onClose(why ?? 'the connection closed');
  });

  return {answer, request: outbox.request, isCongested: outbox.isCongested, end, destroy};

  function answer(bytes: Buffer, flushed?: () => void): void {
    outbox.answer(bytes, flushed);
    if (outbox.owed() > mostOwedOctets) destroy('the SMSC takes none of our answers');
  }

  function onData(chunk: Buffer): void {
    if (closed || why !== undefined) return;
    partial?.clear();
    const {frames, fault} = framer.push(chunk);
    if (frames.length > 0) options.onFrames(frames);
    if (fault !== undefined) options.onFault(fault);
    else if (framer.isPartial()) {
      partial = createDeadline(options.partialTimeoutMs, () => destroy('half a PDU came and the rest did not'));
    }
  }

  function end(reason: string): void {
    why ??= reason;
    setImmediate(() => socket.end());
    setTimeout(() => socket.destroy(), 1000).unref();
  }

  function destroy(reason: string): void {
    why ??= reason;
    socket.destroy();
  }
}

/** What can't even be tried fails as what could not be reached does: a throw here would end the process. */
function connect(options: LinkOptions): net.Socket {
  const {host, port, localAddress} = options;
  const address = {host, port, ...(localAddress === undefined ? {} : {localAddress})};
  try {
    if (options.tls === undefined) return net.connect(address);
    return tls.connect({...options.tls, ...address, servername: toServername(options)});
  } catch (error) {
    return new net.Socket().destroy(error instanceof Error ? error : new Error('no connection can be made'));
  }
}

/** SNI takes no IP address. */
function toServername({host, tls: settings}: LinkOptions): string {
  return settings?.servername ?? (net.isIP(host) === 0 ? host : '');
}

/** A library's error object never leaves here: its code and message say enough. */
function describe(error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.name;
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number|packet length too long/.test(error.message)) {
    return 'this port does not speak TLS: set tls to false, or use the port for TLS';
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) {
    return `${code}: the SMSC's certificate is not trusted; give tls.ca, or tls.servername if its name is another`;
  }
  return error.message.includes(code) ? error.message.slice(0, 200) : `${code}: ${error.message.slice(0, 200)}`;
}
