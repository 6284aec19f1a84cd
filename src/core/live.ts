/** A value that is only ever replaced as a whole: whoever asks gets all of the old one or all of the new one. */
export interface Live<Value> {
  current(): Value;
  swap(next: Value): void;
}

export function createLive<Value>(first: Value): Live<Value> {
  let value = first;
  return {
    current: () => value,
    swap(next) {
      value = next;
    },
  };
}

/** What follows from such a value: worked out when it is first asked for, and again only when the value is another one. */
export function derive<Source, Value>(source: () => Source, toValue: (source: Source) => Value): () => Value {
  let known: {source: Source; value: Value} | undefined;
  return () => {
    const now = source();
    if (known === undefined || known.source !== now) known = {source: now, value: toValue(now)};
    return known.value;
  };
}
