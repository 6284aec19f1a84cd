/** One thing that was looked at, for `doctor`. */
export interface Finding {
  /** `unknown`: it can't be told from here; a person has to look. */
  level: 'ok' | 'warning' | 'problem' | 'unknown';
  /** For programs: `messaging_service_overrides`. */
  code: string;
  /** A sentence; of all but `ok`, what to do about it. Never a secret. */
  message: string;
}

/** Somewhere we connect to. */
export interface Endpoint {
  /** Whose it is, for people: `carrier smsc-a`. */
  name: string;
  host: string;
  port: number;
  /** Whether it answers HTTP, and so tells its time. */
  http: boolean;
  /** Absent: plain TCP. */
  tls?: EndpointTls;
  /** Where we connect from, where that is fixed. */
  localAddress?: string | undefined;
  /** Calls go through a proxy, so that nothing is connected to from here. */
  proxied?: boolean;
}

export interface EndpointTls {
  /** The name the certificate must carry. */
  servername: string;
  ca?: string | readonly string[] | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  /** The settings that say whom to trust and which name to expect, where there are any. */
  settings?: {ca: string; servername?: string};
  /** The settings say not to verify it. */
  anyCertificate?: boolean;
}

/** One outside party, looked at without sending a text or changing a thing. */
export interface Examination {
  endpoints: readonly Endpoint[];
  /** Asks the far side. Never rejects for what it does. `serving`: a running gateway is using the account now. */
  ask(serving: boolean): Promise<Finding[]>;
}
