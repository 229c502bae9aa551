import type { JetStreamStore, RecordRange, StoredRecord } from '../jetstream/store.js'

/**
 * The newest records of a range before a sequence number, oldest first. The servers only read forward, so it looks for a place
 * with about as many records after it, by counts of windows that grow, and reads from there.
 */
export async function readNewestRecords(
  store: JetStreamStore,
  range: RecordRange,
  page: { before: number; limit: number; subjectsOnly?: boolean },
): Promise<StoredRecord[]> {
  const { limit, subjectsOnly = false } = page
  const end = await endOf(store, range, page.before)
  if (end === undefined) return []
  const after = end.isLast ? 0 : await store.count({ ...range, from: end.seq })
  const countFrom = async (from: number): Promise<number> => (await store.count({ ...range, from })) - after
  let from = Math.max(1, end.seq - 2 * limit)
  let found = await countFrom(from)
  for (let width = 8 * limit; found < limit && from > 1; width *= 4) {
    from = Math.max(1, end.seq - width)
    found = await countFrom(from)
  }
  for (let next = end.seq; found > 4 * limit && next - from > 1;) {
    const middle = Math.floor((from + next) / 2)
    const count = await countFrom(middle)
    if (count >= limit) [from, found] = [middle, count]
    else next = middle
  }
  const { records } = await store.page({ ...range, from, limit: found, subjectsOnly })
  return records.filter(({ seq }) => seq < page.before).slice(-limit)
}

/** The sequence number after the last record of the range that is before another. */
async function endOf(
  store: JetStreamStore,
  { stream, filter }: RecordRange,
  before: number,
): Promise<{ seq: number; isLast: boolean } | undefined> {
  if (before <= 1) return undefined
  const last = await store.last(stream, filter)
  if (last === undefined) return undefined
  return last.seq < before ? { seq: last.seq + 1, isLast: true } : { seq: before, isLast: false }
}
