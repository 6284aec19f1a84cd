/** What a claim of a job of this kind needs of its message `m`; its text only where there is something to say. */
export function toClaimed(kind: string): string {
  return `
    m.seq, m.id, m.platform, m.channel, m.carrier, m.phone, m.address, m.priority, m.cycle, m.segments, m.plan, m.reference, m.trace,
    m.accepted_at, m.headers, case when ${kind} = 'receipt' then null else (select body from payload where message = m.seq) end as body`;
}
