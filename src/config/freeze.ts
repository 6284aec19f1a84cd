/** Freezes plain objects and lists all the way down; maps are frozen by their type. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) freeze(item);
    return value;
  }
  if (!isPlain(value)) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
