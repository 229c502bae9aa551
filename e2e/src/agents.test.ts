import { thorough } from '@subagent-mcp/testkit'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ToolAnswer } from './mcp-host.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

// One agent for all of this, because each start of a real claude and of a daemon takes half a second of the processor.
test('[launch-wait][follow-up][empty-answer][long-answer] wait returns each answer of an agent, whose session continues with its context', async () => {
  const { launch, host } = stage()
  const id = await launch('My word is heliotrope. [[say: Hello from the model.]]')
  const { text, agents } = await host.call('wait')
  expect(text).toMatch(
    new RegExp(
      `^agent ${id} turn 1 finished in [\\d.]+ s on claude\\S*, \\d+ tokens in, \\d+ out\nHello from the model.`,
    ),
  )
  expect(agents).toMatchObject([{ id, status: 'finished', alive: true, turns: [{ status: 'finished' }] }])
  const answerTo = async (message: string): Promise<ToolAnswer> => {
    expect((await host.call('send_message', { agent_id: id, message })).isError).toBe(false)
    return host.call('wait')
  }

  // A message that looks like a command of the CLI is sent to the model as a message.
  expect((await answerTo('/clear [[say: what should I clear?]]')).text).toContain('what should I clear?')
  const after = await answerTo('Which word? [[recall]]')
  expect(after.text).toContain('heliotrope')
  expect(after.text).toContain(`agent ${id} turn 3 finished`)
  expect(after.agents[0]?.sessionId).toBe(agents[0]?.sessionId)

  expect((await answerTo('[[say:]]')).text).toContain('EMPTY ANSWER')
  const { text: cut } = await answerTo('[[huge: 50kB]]')
  const [, path = ''] = /whole: (\S+)\]/.exec(cut) ?? []
  expect(cut.length).toBeLessThan(5000)
  expect(readFileSync(path, 'utf8').length).toBeGreaterThanOrEqual(49_000)
})

test('[queued-messages][cancelled-wait] each message to a busy agent gets its own turn, in order, and no answer is lost, also by a cancelled wait', async () => {
  const { launch, host, model } = stage()
  const id = await launch('[[gate: first]] [[say: answer one]]')
  await model.waitForRequest(({ userText }) => userText?.includes('answer one') ?? false)
  for (const word of ['two', 'three']) {
    await host.call('send_message', { agent_id: id, message: `[[say: answer ${word}]]` })
  }
  const cancel = new AbortController()
  const cancelled = host.call('wait', {}, { signal: cancel.signal })
  cancel.abort()
  await expect(cancelled).rejects.toThrow()
  model.release('first')
  const { text } = await host.call('wait', { until: 'all' })
  const answers = [...text.matchAll(/turn (\d) finished.*\n(answer \w+)/g)].map(
    ([, turn, answer]) => `${turn}: ${answer}`,
  )
  expect(answers).toEqual(['1: answer one', '2: answer two', '3: answer three'])
})

test('[three-at-once] three agents run in parallel, and each is reported once', thorough, async () => {
  const { launch, host, model } = stage()
  const ids = await Promise.all(
    ['one', 'two', 'three'].map((word) => launch(`[[gate: go]] [[say: ${word}]]`)),
  )
  for (const word of ['one', 'two', 'three']) {
    await model.waitForRequest(({ userText }) => userText?.includes(`[[say: ${word}]]`) ?? false)
  }
  model.release('go')
  const { text, agents } = await host.call('wait', { until: 'all' })
  expect(agents.map(({ id }) => id).sort()).toEqual([...ids].sort())
  expect(text.match(/turn 1 finished/g)).toHaveLength(3)
  expect((await host.call('wait')).text).toMatch(/^no agent is running/)
})

test('[steer] a steering message enters the running turn', async () => {
  const { launch, host, home, model } = stage()
  const file = join(home.cwd, 'notes')
  writeFileSync(file, 'nothing much')
  const id = await launch(`[[gate: steered]] [[tool: Read {"file_path":"${file}"}]] [[say: done]]`)
  await model.waitForRequest(({ userText }) => userText?.includes('[[say: done]]') ?? false)
  const steering = { agent_id: id, message: 'Also mind the gap.', steer: true }
  expect((await host.call('send_message', steering)).text).toContain('put into the running turn')
  model.release('steered')
  const { text, agents } = await host.call('wait', { until: 'all' })
  expect(text).toMatch(/turn 1 finished.*\nYou said: Also mind the gap\./)
  expect(agents[0]?.turns).toHaveLength(1)
  const [first, second] = model.requests.filter(({ userText }) => userText !== undefined)
  expect([first, second].map((request) => request?.bodyText.includes('mind the gap'))).toEqual([false, true])
})

test('[launch-once] the same request_id never launches twice, and is refused for another prompt', async () => {
  const { launch, restart } = stage()
  const options = { request_id: 'once' }
  const id = await launch('[[say: one]]', options)
  expect(await launch('[[say: one]]', options)).toBe(id)
  // The daemon remembers the request id over a restart.
  const { launch: relaunch, host } = await restart({})
  expect(await relaunch('[[say: one]]', options)).toBe(id)
  await expect(relaunch('[[say: two]]', options)).rejects.toThrow(
    `request_id 'once' has launched agent ${id}`,
  )
  expect((await host.call('list_agents')).agents).toHaveLength(1)
})

test('[stalled] a silent agent shows as stalled, and as processing when the stream continues', async () => {
  const { launch, host, model } = await stage().restart({ SUBAGENT_MCP_STALLED_AFTER: '0.5' })
  const id = await launch(
    '[[say: first]] [[gate: resume]] [[tool: Glob {"pattern":"*"}]] [[gate: end]] [[say: last]]',
  )
  const status = async (): Promise<string | undefined> =>
    (await host.call('poll_agent', { agent_id: id })).agents[0]?.status
  await expect.poll(status).toBe('stalled')
  model.release('resume')
  await expect.poll(status).toBe('processing')
  model.release('end')
  expect((await host.call('wait')).text).toContain('last')
})
