import { formatLocalDate, type TurnUsage, type UsageGrouping } from '@subagent-mcp/contract'
import { z } from 'zod'
import { migrateJournal } from './migrations.js'
import { openMemorySqliteStore, type SqliteStore } from './sqlite-store.js'

/** An agent with its ended turns, oldest first. The launch time tells it from a later agent with the same id. */
export type EndedTurnsOfAgent = {
  agentId: string
  launchedAt: number
  name?: string
  project: string
  definition?: string
  /** Returns the turns after the first `count`, which the table has already. */
  turnsAfter(count: number): readonly UsedTurn[]
}

/** An ended turn. `account`: the name of the account, or the provider for its default one. Times are Unix milliseconds. */
type UsedTurn = {
  provider: string
  account: string
  model?: string
  startedAt: number
  endedAt: number
  usage?: TurnUsage
}

/** What the ended turns of all agents used: a row for each agent, local day, provider and model. Rows are never deleted. */
export type UsageTable = {
  /**
   * Adds turns that are not in the table yet, in one transaction. The number of turns in an agent's rows tells which these are, so
   * that a repeated call changes nothing, also after a crash.
   */
  count(agents: readonly EndedTurnsOfAgent[]): void
  /** Sums the rows from local day `since` on, by default all, in groups with the highest cost first; days in their order. */
  sum(query: { by: UsageGrouping; since?: string }): UsageTotals
}

/** The groups of a query, at most `mostGroups`; how many more there are; and the sum of all rows. */
export type UsageTotals = { groups: readonly UsageGroup[]; omitted: number; total: UsageGroup }

/** The values of a group's key columns, and its sums. `costUsdTurns` is the number of turns whose cost is known, and so on. */
export type UsageGroup = z.infer<typeof GroupRow>

/** The most groups of one query, which grouping by agent reaches. */
const mostGroups = 1_000

export function openUsageTable(store: SqliteStore): UsageTable {
  return {
    count: (agents) => {
      store.write(() => {
        for (const agent of agents) countTurns(store, agent)
      })
    },
    sum: ({ by, since = '' }) => {
      const columns = groupColumns[by]
      const order = by === 'day' ? 'day' : 'costUsd DESC, inputTokens + outputTokens DESC, turnMs DESC'
      const shown = columns.map((column) => (column === 'name' ? 'max(name) AS name' : column))
      const keys = columns.filter((column) => column !== 'name').join(', ')
      const groups = store.rows(
        GroupRow,
        `SELECT ${[...shown, sums].join(', ')} FROM usage WHERE day >= ? GROUP BY ${keys} ORDER BY ${order}`,
        since,
      )
      const [total = noUsage] = store.rows(GroupRow, `SELECT ${sums} FROM usage WHERE day >= ?`, since)
      return { groups: groups.slice(0, mostGroups), omitted: Math.max(0, groups.length - mostGroups), total }
    },
  }
}

export function openMemoryUsageTable(): UsageTable & { close(): void } {
  const store = openMemorySqliteStore()
  migrateJournal(store)
  return { ...openUsageTable(store), close: store.close }
}

const measures = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'costUsd'] as const

const groupColumns: Readonly<Record<UsageGrouping, readonly string[]>> = {
  provider: ['provider'],
  model: ['provider', 'model'],
  account: ['provider', 'account'],
  project: ['project'],
  definition: ['definition'],
  day: ['day'],
  agent: ['agentId', 'launchedAt', 'name', 'project'],
}

const sums = [
  "count(DISTINCT agentId || ' ' || launchedAt) AS agents",
  ...['turns', 'turnMs', ...measures.flatMap((measure) => [measure, `${measure}Turns`])].map(
    (column) => `total(${column}) AS ${column}`,
  ),
].join(', ')

const amounts = {
  agents: z.number(),
  turns: z.number(),
  turnMs: z.number(),
  inputTokens: z.number(),
  inputTokensTurns: z.number(),
  cachedInputTokens: z.number(),
  cachedInputTokensTurns: z.number(),
  outputTokens: z.number(),
  outputTokensTurns: z.number(),
  costUsd: z.number(),
  costUsdTurns: z.number(),
}

const GroupRow = z.object({
  provider: z.string().exactOptional(),
  model: z.string().exactOptional(),
  account: z.string().exactOptional(),
  project: z.string().exactOptional(),
  definition: z.string().exactOptional(),
  day: z.string().exactOptional(),
  agentId: z.string().exactOptional(),
  name: z.string().exactOptional(),
  launchedAt: z.number().exactOptional(),
  ...amounts,
})

const noUsage: UsageGroup = {
  ...{ agents: 0, turns: 0, turnMs: 0, inputTokens: 0, inputTokensTurns: 0, cachedInputTokens: 0 },
  ...{ cachedInputTokensTurns: 0, outputTokens: 0, outputTokensTurns: 0, costUsd: 0, costUsdTurns: 0 },
}

const counted = 'SELECT total(turns) AS turns FROM usage WHERE agentId = ? AND launchedAt = ?'

const added = ['turns', 'turnMs', ...measures.flatMap((measure) => [measure, `${measure}Turns`])]

const upserted = `INSERT INTO usage
  (agentId, launchedAt, day, provider, account, model, name, project, definition, ${added.join(', ')})
  VALUES (${Array.from({ length: 9 + added.length }, () => '?').join(', ')})
  ON CONFLICT DO UPDATE SET ${added.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`

function countTurns(store: SqliteStore, agent: EndedTurnsOfAgent): void {
  const { agentId, launchedAt, name = '', project, definition = '' } = agent
  const [{ turns: known } = { turns: 0 }] = store.rows(Counted, counted, agentId, launchedAt)
  for (const { endedAt, startedAt, provider, account, model = '', usage = {} } of agent.turnsAfter(known)) {
    const used = measures.flatMap((measure) => amountOf(measure, usage))
    const keys = [
      agentId,
      launchedAt,
      formatLocalDate(endedAt),
      provider,
      account,
      model,
      name,
      project,
      definition,
    ]
    store.run(upserted, ...keys, 1, Math.max(0, endedAt - startedAt), ...used)
  }
}

/**
 * The amount and the number 1, or twice 0 if the provider did not report the amount. Tokens are whole numbers, as their columns demand.
 */
function amountOf(measure: (typeof measures)[number], { [measure]: amount }: TurnUsage): number[] {
  if (amount === undefined || !Number.isFinite(amount)) return [0, 0]
  return [measure === 'costUsd' ? amount : Math.round(amount), 1]
}

const Counted = z.object({ turns: z.number() })
