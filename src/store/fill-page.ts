/** Steps until the page is full or nothing is left: each step reads little, so that nobody who writes waits long. */
export async function fillPage<Item>(
  {limit, before}: {limit: number; before?: string | undefined},
  step: (limit: number, before: string | undefined) => Promise<{items: Item[]; next: string | undefined}>,
): Promise<{items: Item[]; next: string | undefined}> {
  const items: Item[] = [];
  let next = before;
  do {
    const found = await step(limit - items.length, next);
    items.push(...found.items);
    next = found.next;
  } while (next !== undefined && items.length < limit);
  return {items, next};
}
