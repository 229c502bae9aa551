import { systemClock } from '@subagent-mcp/contract'
import { createWatchdog, startRpcProcess } from '@subagent-mcp/driver-kit'
import { thorough } from '@subagent-mcp/testkit'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codexPath } from './cli-paths.js'
import { daemonClient } from './home-daemons.js'
import { gate, inHost, openHost, say, startHost, terminalHosts, toolSteps } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { processesOf } from './processes.js'
import { serverEnvironment } from './server-stage.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')
const { to } = terminalHosts.codex
const hint = '1 sub-agent has finished: call `wait`'
const notice = `[From subagent-mcp, not typed by the user] ${hint}`

const tools = toolSteps('codex')
const launch = (name: string) => tools.launch(`[[gate: ${name}]] [[say: ${name} is done]]`)
const { wait } = tools

/** The requests of Codex with our notice. */
const noticeRequests = (): readonly string[] => stage().model.requestsWith(notice)

test('[codex-woken] an idle Codex is woken when its agent ends, or when a crash of the daemon ended it, calls wait and gets the report, with no key pressed', async () => {
  const { model, home, subagentMcp } = stage()
  writeUserConfig(home.home, { wake: { codex: true } })
  model.script([
    { match: 'DELEGATE AGAIN', to, steps: [launch('more'), say('it runs again')] },
    { match: 'DELEGATE IT', to, steps: [launch('work'), say('launched')] },
    { match: notice, to, steps: [wait, say('all results are read')] },
  ])
  await inHost(stage(), 'codex', async ({ type, screen }) => {
    await type('DELEGATE IT')
    await expect.poll(screen).toContain('launched')
    model.release('work')
    await expect.poll(screen).toContain('all results are read')
    const woken = noticeRequests()
    // The hook for the new prompt does not tell the same again.
    expect(woken[0]?.split(hint)).toHaveLength(2)
    expect(woken.at(-1)).toContain('turn 1 finished')
    await expect.poll(() => existsSync(state('agents.json'))).toBe(false)

    model.forgetRequests()
    await type('DELEGATE AGAIN')
    await expect.poll(screen).toContain('it runs again')
    await model.waitForRequest(({ bodyText }) => bodyText.includes('[[gate: more]]'))
    process.kill((await daemonClient(home.home).health()).pid, 'SIGKILL')
    await subagentMcp('daemon', 'start')
    await expect.poll(() => stage().model.requestsWith(/agent \w+ interrupted/).length).toBeGreaterThan(0)
    expect(noticeRequests().at(-1)).toMatch(/agent \w+ interrupted/)
    model.release('more')
  })
})

test('[codex-woken] without wake.codex the next prompt of Codex says so', thorough, async () => {
  const { model } = stage()
  model.script([
    { match: 'DELEGATE IT', to, steps: [launch('work'), say('launched')] },
    { match: 'WHAT NOW', to, steps: [wait, say('all results are read')] },
  ])
  await inHost(stage(), 'codex', async ({ type, screen }) => {
    await type('DELEGATE IT')
    await expect.poll(screen).toContain('launched')
    model.release('work')
    await expect.poll(() => existsSync(state('agents.json'))).toBe(true)
    await type('WHAT NOW')
    await expect.poll(screen).toContain('all results are read')
    expect(stage().model.requestsWith('WHAT NOW')[0]).toContain(hint)
    expect(stage().model.requestsWith(notice)).toEqual([])
  })
})

test(
  '[codex-woken] of two sessions in one daemon of Codex the one that launched the agent is woken',
  thorough,
  async () => {
    const { model, home } = stage()
    writeUserConfig(home.home, { wake: { codex: true } })
    model.script([
      { match: 'DELEGATE ONE', to, steps: [launch('one'), say('launched')] },
      { match: 'DELEGATE TWO', to, steps: [launch('two'), say('launched')] },
      { match: notice, to, steps: [wait, say('all results are read')] },
    ])
    await withCodexDaemon(async (line) => {
      const one = await openHost(stage(), 'codex', { line })
      const two = await startHost(stage(), 'codex', { line })
      try {
        await one.type('DELEGATE ONE')
        await expect.poll(one.screen).toContain('launched')
        await two.type('DELEGATE TWO')
        await expect.poll(two.screen).toContain('launched')
        model.release('two')
        await expect.poll(two.screen).toContain('all results are read')
        expect(
          stage()
            .model.requestsWith(notice)
            .filter((body) => body.includes('DELEGATE ONE')),
        ).toEqual([])
        model.release('one')
        await expect.poll(one.screen).toContain('all results are read')
        expect(two.screen().split('all results are read')).toHaveLength(2)
      } finally {
        await one.close()
        await two.close()
      }
    })
  },
)

test(
  '[codex-woken] a message that waits for the end of a turn is removed when the turn receives the report',
  thorough,
  async () => {
    const { model, home } = stage()
    writeUserConfig(home.home, { wake: { codex: true } })
    const steps = [launch('work'), gate('busy'), wait, gate('told'), say('all results are read')]
    model.script([{ match: 'DELEGATE IT', to, steps }])
    await withCodexDaemon(async (line) => {
      await inHost(
        stage(),
        'codex',
        async ({ type, screen }) => {
          await type('DELEGATE IT')
          await model.waitForRequest(({ bodyText }) => bodyText.includes('[[gate: work]]'))
          model.release('work')
          const thread = (): string | undefined => toldSessions()[0]?.replace('agents-codex-', '')
          await expect.poll(thread).toBeDefined()
          const id = thread() ?? ''
          await expect.poll(() => queuedMessages(id)).toContain('[From subagent-mcp')
          model.release('busy')
          await expect.poll(() => queuedMessages(id)).not.toContain('[From subagent-mcp')
          model.release('told')
          await expect.poll(screen).toContain('all results are read')
          await type('WHAT NOW')
          await expect.poll(() => stage().model.requestsWith('WHAT NOW').length).toBeGreaterThan(0)
          expect(stage().model.requestsWith(notice)).toEqual([])
        },
        { line },
      )
    })
  },
)

test(
  '[codex-woken] after so many wakes results wait for the next prompt, which allows wakes again',
  thorough,
  async () => {
    const { model, home } = stage()
    writeUserConfig(home.home, { wake: { codex: true, maxTurns: 1 } })
    const wakes = (): number => Math.max(0, ...noticeRequests().map((body) => body.split(notice).length - 1))
    model.script([
      { match: 'DELEGATE IT', to, steps: [launch('first'), say('launched')] },
      { match: 'WHAT NOW', to, steps: [wait, launch('typed'), say('launched more')] },
      { match: notice, to, steps: () => [wait, launch(`woken ${wakes()}`), say(`wake ${wakes()} is over`)] },
    ])
    const { type, screen, close } = await openHost(stage(), 'codex')
    try {
      await type('DELEGATE IT')
      await expect.poll(screen).toContain('launched')
      model.release('first')
      await expect.poll(screen).toContain('wake 1 is over')
      await expect.poll(() => existsSync(state('agents.json'))).toBe(false)
      model.release('woken 1')
      await expect.poll(() => existsSync(state('agents.json'))).toBe(true)
      await type('WHAT NOW')
      await expect.poll(screen).toContain('launched more')
      // Once in the message of the first wake, and once from the hook for this prompt.
      expect(stage().model.requestsWith('WHAT NOW')[0]?.split(hint)).toHaveLength(3)
      expect(wakes()).toBe(1)
      model.release('typed')
      await expect.poll(screen).toContain('wake 2 is over')
      expect(wakes()).toBe(2)
    } finally {
      model.release('woken 2')
      await close()
    }
  },
)

/** Runs a test with the command line of a Codex that has a daemon, and ends the daemon. */
async function withCodexDaemon(run: (line: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await run([codexPath])
  } finally {
    await stage().run([codexPath, 'app-server', 'daemon', 'stop'])
    // The process that updates the daemon outlives it.
    const updaters = processesOf(stage().home.home).filter(({ command }) => /pid-update-loop/.test(command))
    for (const { pid } of updaters) process.kill(pid, 'SIGKILL')
    await expect.poll(() => processesOf(stage().home.home, 'codex')).toEqual([])
  }
}

/** The files with the reports that sessions of Codex had notice of. */
function toldSessions(): readonly string[] {
  const folder = state('told')
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('agents-codex-')) : []
}

/** The messages that wait in Codex for the end of a session's turn, as the JSON of its answer. */
async function queuedMessages(threadId: string): Promise<string> {
  const watchdog = createWatchdog()
  const server = startRpcProcess({
    ...{ command: codexPath, args: ['app-server'], cwd: stage().home.cwd, watchdog, clock: systemClock },
    environment: serverEnvironment(stage().home),
    cli: { label: 'codex', command: 'codex', installHint: '', signInHint: '' },
    onRequest: () => 'unknown',
    onNotification: () => undefined,
  })
  try {
    const clientInfo = { name: 'test', title: null, version: '0' }
    const capabilities = { experimentalApi: true, requestAttestation: false }
    await server.request('initialize', { clientInfo, capabilities }, limitMs)
    server.notify('initialized')
    const answer = await server.request('thread/queue/list', { threadId }, limitMs)
    if (answer.type !== 'result') throw new Error(JSON.stringify(answer))
    return JSON.stringify(answer.result)
  } finally {
    await server.stop('graceful')
    await watchdog.close()
  }
}

const limitMs = 60_000

function state(name: string): string {
  return join(stage().home.home, '.subagent-mcp', name)
}
