import { startLimit } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { daemonClient } from './home-daemons.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

/** How many agents end before the daemon is killed, and how many run then. */
const half = process.env['CI'] === 'true' ? 2 : 1

test('[recap] what agents did is told once, with its facts, and is found, after their daemon was killed too', async () => {
  const { cwd, home } = stage().home
  const work = (name: string): string =>
    `[[tool: Write {"file_path":"${join(cwd, name)}","content":"x"}]] [[tool: Bash {"command":"git push ${name}"}]]`
  const ended = Array.from({ length: half }, (_, index) => `ended-${index}`)
  const killed = Array.from({ length: half }, (_, index) => `killed-${index}`)
  for (const name of ended) await stage().launch(`${work(name)} [[say: ${name} is done]]`, { name })
  for (const name of killed) await stage().launch(`${work(name)} [[hang]]`, { name })
  const names = [...ended, ...killed]
  const client = daemonClient(home)
  const asking = async () => (await client.permissions()).filter(({ tool }) => tool === 'Bash')
  await until(async () => (await asking()).length === names.length)
  for (const { agentId, requestId } of await asking())
    await client.answer(agentId, { requestId, decision: 'deny' })
  await until(
    async () => (await client.agents()).filter(({ status }) => status === 'finished').length === half,
  )
  process.kill((await client.health()).pid, 'SIGKILL')

  expect(await stage().subagentMcp('recap')).toContain('denied by a program')
  const recap = await client.recap()
  expect(recap.agents).toHaveLength(names.length)
  expect(new Set(recap.agents.map(({ name }) => name))).toEqual(new Set(names))
  for (const { name = '', files, commands, network, notSeen, turns, launched } of recap.agents) {
    expect(launched?.prompt).toContain(`git push ${name}`)
    expect(files.map(({ path }) => path)).toEqual([name])
    expect(commands).toMatchObject([{ command: `Bash: git push ${name}`, by: 'program', outcome: 'denied' }])
    expect(network).toEqual([])
    expect([turns, notSeen.length]).toEqual([1, ended.includes(name) ? 0 : 1])
  }
  const numbers = recap.agents.flatMap(({ files, commands }) => [...files, ...commands].map(({ seq }) => seq))
  expect(new Set(numbers).size).toBe(2 * names.length)

  const found = async (text: string): Promise<string[]> =>
    (await client.search({ text })).passages.map(({ kind, name }) => `${name} ${kind}`)
  expect(await found('"ended-0 is done"')).toEqual(['ended-0 answer', 'ended-0 prompt'])
  expect(await found('"git push killed-0"')).toEqual(['killed-0 call', 'killed-0 prompt'])
  expect(await stage().subagentMcp('search', 'ended-0', 'done')).toContain('ended-0 is done')
  await stage().subagentMcp('prune', '--all', '--yes')
  expect(await found('done')).toEqual([])
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const limit = startLimit(60_000)
  while (!(await isSo())) {
    if (await limit.isOver()) throw new Error('it did not become so in time')
    await delay(50)
  }
}
