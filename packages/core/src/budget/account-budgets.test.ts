import type { AccountLimit } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { sendMessage } from '../requests/send-message.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  unroutedRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import type { AccountBudgets } from './spent-budget.js'

const week = (usedPercent: number, resetsAt = 2_000_000): AccountLimit => ({
  ...{ name: 'seven_day', usedPercent, resetsAt, exhausted: false },
})

/** A supervisor whose Claude account has reported these limits, and another one that takes over after its crash. */
async function lived(
  budgets: Partial<AccountBudgets>,
  limits: readonly AccountLimit[],
): Promise<{ manual: ManualSupervisor; next: ManualSupervisor; id: string }> {
  const create = () => createManualSupervisor({}, { budgets: { day: {}, reserve: {}, ...budgets } })
  const [manual, next] = [create(), create()]
  const { id, session } = await manual.launched()
  const turnId = session.sent.at(-1)?.type === 'prompt' ? findTurn(session.sent) : ''
  session.sink({ type: 'limits-reported', limits })
  session.sink({ type: 'usage-reported', turnId, usage: { inputTokens: 90, outputTokens: 10 } })
  session.finish()
  next.supervisor.adopt(structuredClone(manual.journal.facts))
  return { manual, next, id }
}

function findTurn(sent: ManualSupervisor['driver']['sessions'][number]['sent']): string {
  return sent.findLast((command) => command.type === 'prompt')?.turnId ?? ''
}

const providerOf = ({ supervisor }: ManualSupervisor): string =>
  launchSupervisedAgent(supervisor, 'me', unroutedRequest).agent.route.current.provider

test.each<[name: string, AccountBudgets['reserve'], AccountLimit[], provider: string]>([
  ['nothing reserved', {}, [week(99)], 'claude'],
  ['more left than reserved', { claude: 30 }, [week(69)], 'claude'],
  ['as much left as reserved', { claude: 30 }, [week(70)], 'codex'],
  ['less left', { claude: 30 }, [week(90)], 'codex'],
  ['less left of a limit by its name', { claude: { seven_day: 30 } }, [week(90)], 'codex'],
  ['less left of another limit', { claude: { five_hour: 30 } }, [week(90)], 'claude'],
  ['a limit that was reset since', { claude: 30 }, [week(90, 999_999)], 'claude'],
  ['less left of another account', { codex: 30 }, [week(90)], 'claude'],
])('reserve, %s: also after a crash', async (_, reserve, limits, provider) => {
  const { manual, next } = await lived({ reserve }, limits)
  expect([providerOf(manual), providerOf(next)]).toEqual([provider, provider])
})

test('a launch that names a provider below its reserve is refused with the share that is left', async () => {
  const { manual, next } = await lived({ reserve: { claude: 30 } }, [week(75.5)])
  for (const { supervisor } of [manual, next])
    expect(() => launchSupervisedAgent(supervisor, 'me', launchRequest)).toThrow(
      expect.objectContaining({
        message: 'claude has 24.5 % of its seven_day limit left, and 30 % are reserved',
        resetsAt: 2_000_000,
      }),
    )
})

test('a launch tells the share of the limits that is left, the least first', async () => {
  const { manual } = await lived({}, [{ ...week(20), name: 'five_hour' }, week(40)])
  expect(launchSupervisedAgent(manual.supervisor, 'me', launchRequest).headroom).toBe(
    '60 % of seven_day, 80 % of five_hour',
  )
})

test('the budget of a day moves launches to another provider and refuses messages, also after a crash', async () => {
  const { manual, next, id } = await lived({ day: { claude: { tokens: 100 } } }, [])
  for (const one of [manual, next]) {
    expect(providerOf(one)).toBe('codex')
    expect(() => launchSupervisedAgent(one.supervisor, 'me', launchRequest)).toThrow(
      "the day's budget of 100 tokens for claude is spent: 100 tokens used",
    )
    const send = () => sendMessage(one.supervisor, { agentId: id, text: 'x', steer: false, caller: 'me' })
    expect(codeOf(send)).toMatch(/budget-spent|agent-dead/)
  }
  manual.clock.advance(25 * 60 * 60 * 1000)
  expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', launchRequest))).toBe('no error')
})

test('the budget of a day counts deleted agents, also after a crash', async () => {
  const { manual, id } = await lived({ day: { claude: { usd: 9, tokens: 100 } } }, [])
  manual.supervisor.dispatch({ type: 'stop-requested', at: 1_000_000, agentId: id, by: 'me' })
  manual.supervisor.dispatch({ type: 'agents-pruned', at: 1_000_000, agentIds: [id] })
  expect(manual.journal.facts.at(-1)?.type).toBe('spending-kept')
  const next = createManualSupervisor({}, { budgets: { day: { claude: { tokens: 100 } }, reserve: {} } })
  next.supervisor.adopt(structuredClone(manual.journal.facts))
  expect([providerOf(manual), providerOf(next)]).toEqual(['codex', 'codex'])
})

test('a budget of a day in usd alone is refused where the cost is unknown', () => {
  const { supervisor, driver } = createManualSupervisor(
    {},
    { budgets: { day: { claude: { usd: 5 } }, reserve: {} } },
  )
  driver.abilities = { ...driver.abilities, costs: false }
  expect(() => launchSupervisedAgent(supervisor, 'me', launchRequest)).toThrow(
    'the cost of claude is unknown',
  )
})
