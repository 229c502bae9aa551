import type { Host } from './mcp-host.js'

/** Has so many tasks done at once, by the agents in turn. Returns those whose answer is not their own. */
export async function invokeInParallel(
  host: Host,
  { agents, tasks }: { agents: readonly string[]; tasks: number },
): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: tasks }, async (_none, index) => {
      const agent = agents[index % agents.length]
      const { text, isError } = await host.call('invoke', { agent, task: `[[say: answer ${index}.]]` })
      const told = [...text.matchAll(/answer (\d+)\./g)].map(([, number]) => Number(number))
      const right = !isError && told.length === 1 && told[0] === index
      return right ? [] : [`task ${index} of ${String(agent)}: ${text}`]
    }),
  )
  return answers.flat()
}
