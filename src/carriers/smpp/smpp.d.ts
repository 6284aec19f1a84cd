/** The part of `smpp` 0.6.0-rc.4 this gateway uses: its codec. The package has no types of its own. */
declare module 'smpp' {
  interface Pdu {
    command: string;
    command_id: number;
    command_length: number;
    command_status: number;
    sequence_number: number;
    [field: string]: unknown;
    toBuffer(): Buffer;
  }
  interface ValueType {
    read(buffer: Buffer, offset: number, length?: number): unknown;
    write(value: unknown, buffer: Buffer, offset: number): void;
    size(value: unknown): number;
    default: unknown;
  }
  interface Field {
    type: ValueType;
    filter?: unknown;
    multiple?: boolean;
  }
  interface Smpp {
    PDU: {new (command: string, fields?: Record<string, unknown>): Pdu; new (bytes: Buffer): Pdu; maxLength: number};
    commands: Record<string, {id: number; params?: Record<string, Field>}>;
    tlvs: Record<string, Field & {id: number; tag: string}>;
    types: {buffer: ValueType; tlv: {buffer: ValueType}};
    addTLV(tag: string, options: {id: number; type: ValueType}): void;
  }
  const smpp: Smpp;
  export = smpp;
}
