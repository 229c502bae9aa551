import type { BenchStage } from './bench-stage.js'

/** The provider and model of a launch, so that no other one runs it. */
export type PinnedModel = { provider: string; model: string }

/**
 * Launches agents in parallel and resolves when all have answered. Throws when one fails, because a failure is
 * quicker than an answer.
 */
export async function launchAgents(
  { host }: Pick<BenchStage, 'host'>,
  pin: PinnedModel,
  count = 1,
): Promise<string[]> {
  const options = { prompt: '[[say: ok]]', task_category: 'mechanical', ...pin }
  const launched = await Promise.all(Array.from({ length: count }, () => host.call('launch_agent', options)))
  const failed = launched.find(({ isError }) => isError)
  if (failed) throw new Error(failed.text)
  const ids = launched.flatMap(({ agents }) => agents.map(({ id }) => id))
  await waitForAnswers({ host }, ids)
  return ids
}

/** Resolves when these agents have finished their turns. Throws when a turn ended in any other way. */
export async function waitForAnswers(
  { host }: Pick<BenchStage, 'host'>,
  ids: readonly string[],
): Promise<void> {
  const { text, agents } = await host.call('wait', { agent_ids: ids, until: 'all' })
  if (agents.length !== ids.length || agents.some(({ status }) => status !== 'finished'))
    throw new Error(text)
}

/** Kills agents. Resolves when none of their processes is left. */
export async function killAgents({ host }: Pick<BenchStage, 'host'>, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => host.call('kill_agent', { agent_id: id })))
}
