/** Septets packed into octets (3GPP TS 23.038 6.1.2.1); `fillBits` zero bits stand before the first one, after a user data header. */
export function packSeptets(septets: Buffer, fillBits = 0): Buffer {
  const packed = Buffer.alloc(Math.ceil((septets.length * 7 + fillBits) / 8));
  let bit = fillBits;
  for (const septet of septets) {
    const at = bit >> 3;
    const shift = bit & 7;
    packed[at] = (packed[at] ?? 0) | ((septet << shift) & 0xff);
    if (shift > 1) packed[at + 1] = septet >> (8 - shift);
    bit += 7;
  }
  return packed;
}

/** As many septets as fit; seven zero bits at the end are padding or an `@`: padding is meant far more often. */
export function unpackSeptets(packed: Buffer, fillBits = 0): Buffer {
  const count = Math.floor((packed.length * 8 - fillBits) / 7);
  const septets = Buffer.alloc(Math.max(count, 0));
  for (let index = 0; index < count; index += 1) {
    const bit = fillBits + index * 7;
    const pair = (packed[bit >> 3] ?? 0) | ((packed[(bit >> 3) + 1] ?? 0) << 8);
    septets[index] = (pair >> (bit & 7)) & 0x7f;
  }
  const padded = count > 0 && (packed.length * 8 - fillBits) % 7 === 0 && septets[count - 1] === 0;
  return padded ? septets.subarray(0, count - 1) : septets;
}

/** Zero bits between a header of so many octets and the first septet. */
export function fillBitsAfter(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7;
}
