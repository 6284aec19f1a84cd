const highest = 0x7fffffff;

/** Sequence numbers of one session, 1 to 0x7FFFFFFF (SMPP 3.4 5.1.4); after a wrap those still in use are skipped. */
export function createSequence(isInUse: (sequence: number) => boolean, first = 1): () => number {
  let last = first - 1;

  return () => {
    do last = last >= highest ? 1 : last + 1;
    while (isInUse(last));
    return last;
  };
}
