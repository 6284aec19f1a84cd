/** What `server.ts` is told, as JSON in the variable `LEAST`. */
export interface LeastOptions {
  /** Where it keeps its texts; undefined: nowhere. */
  file: string | undefined;
  webhookSecret: string;
  apiSecret: string;
  ccid: string;
  nexusUrl: string;
  /** Undefined: texts are taken and go nowhere. */
  smsc: {port: number; systemId: string; password: string; window: number} | undefined;
}

/** One step of a text's life, as it crosses to the store's thread. */
export type Step =
  | ['accepted', id: string, platformId: string, channel: string, phone: string, text: string, raw: string]
  | ['sent', id: string, carrierId: string]
  | ['told', id: string]
  | ['posted', id: string];
