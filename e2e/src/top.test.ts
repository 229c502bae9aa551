import { thorough } from '@subagent-mcp/testkit'
import { untilPasses } from '@subagent-mcp/testkit/patience'
import { execa } from 'execa'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { daemonClient } from './home-daemons.js'
import { serverScript } from './mcp-host.js'
import { serverEnvironment, useServerStage } from './server-stage.js'
import { asBefore, inTop, type TopTerminal } from './top-stage.js'

const stage = useServerStage()

const hostile =
  'x\u001b[31m\u001b[2J\u001b[H\u001b]0;owned\u0007 \u202eevil 漢字 👨‍👩‍👧 Z\u0351\u036b\u0343\u036a'

/** Launches agents of which one runs and the others wait for room. */
async function launchMany(count: number): Promise<void> {
  const { configure, home } = stage()
  const { launch } = await configure({ limits: { maxTurns: 1, launchesPerMinute: 10_000 } })
  await launch(`[[say: ${hostile}]] [[chunks: 9000 x 20ms]]`, { name: hostile })
  const client = daemonClient(home.home)
  const place = { cwd: home.cwd, environment: serverEnvironment(home) }
  const order = { prompt: 'wait', category: 'mechanical', provider: 'claude', model: 'sonnet' }
  await Promise.all(
    Array.from({ length: count - 1 }, (_, index) =>
      client.launch({ ...order, ...place, name: `agent-${index}` }),
    ),
  )
}

/** Expects that the screen is whole: the counts first, one selected agent, the keys last, and no line of an agent elsewhere. */
function expectWhole({ screen, terminal }: TopTerminal): void {
  const lines = screen().split('\n')
  expect(lines[0]).toMatch(/^subagent-mcp top {2}500 working/)
  expect(lines[1]).toMatch(/^ {2}NAME /)
  expect(lines.filter((line) => line.startsWith('> '))).toHaveLength(1)
  expect(lines.at(-1)).toMatch(/^q quit {2}\? help/)
  expect(lines).toHaveLength(terminal.rows)
  const { active } = terminal.buffer
  // The last column stays empty.
  for (const row of lines.keys()) {
    const last = active.getLine(active.baseY + row)?.getCell(terminal.cols - 1)
    expect(last?.getChars()).toBe('')
  }
  // Cells behind names in any writing begin at their column.
  const column = lines[1]?.indexOf('TIME')
  const row = active.getLine(active.baseY + 3)
  expect(row?.translateToString(false).slice(0, 1)).toBe('>')
  expect(row?.getCell(column ?? 0)?.getChars()).toMatch(/\d/)
}

test(
  '[top] 500 agents are shown at 80×24, 40×20 and 200×60, resized while an agent writes hostile text, in plain text with NO_COLOR',
  thorough,
  async () => {
    await launchMany(500)
    await inTop(
      stage(),
      async (top) => {
        await top.shows('500 working')
        top.press('g')
        for (const [columns, rows] of [
          [80, 24],
          [40, 20],
          [200, 60],
          [80, 24],
        ] as const) {
          await top.resize(columns, rows)
          await untilPasses(() => {
            expectWhole(top)
          })
        }
        // Sizes that change faster than frames are drawn.
        for (let size = 0; size < 20; size += 1) await top.resize(60 + size * 5, 20 + size)
        await untilPasses(() => {
          expectWhole(top)
        })
        top.press('\r')
        await top.shows(/evil/)
        await top.resize(40, 20)
        await top.shows(/^\S+: transcript/)
        top.press('q')
        await untilPasses(() => {
          expectWhole(top)
        })
        top.press('G')
        await top.shows('> agent-0')
        expect(
          top
            .written()
            .split('\u001b')
            .filter((sequence) => /^\]|^\[[\d;]*m/.test(sequence)),
        ).toEqual([])
        process.kill(top.pid(), 'SIGTERM')
        expect(await top.left()).toEqual({ exitCode: 143, ...asBefore })
      },
      { variables: { NO_COLOR: '1' } },
    )
  },
)

const endings: readonly (readonly [how: string, exitCode: number, end: (top: TopTerminal) => void])[] = [
  [
    'q',
    0,
    (top) => {
      top.press('q')
    },
  ],
  [
    'Ctrl-C',
    130,
    (top) => {
      top.press('\u0003')
    },
  ],
  ['SIGINT', 130, (top) => process.kill(top.pid(), 'SIGINT')],
  ['SIGTERM', 143, (top) => process.kill(top.pid(), 'SIGTERM')],
  ['SIGHUP', 129, (top) => process.kill(top.pid(), 'SIGHUP')],
]

test('[top] however it ends, the terminal is as before', thorough, async () => {
  await stage().launch('[[hang]]', { name: 'worker' })
  for (const [how, exitCode, end] of endings)
    await inTop(stage(), async (top) => {
      await top.shows('> worker')
      end(top)
      expect([how, await top.left()]).toEqual([how, { exitCode, ...asBefore }])
    })
  const crash = `data:text/javascript,process.on('SIGUSR2',()=>{throw(Error('a_crash'))})`
  await inTop(
    stage(),
    async (top) => {
      await top.shows('> worker')
      process.kill(top.pid(), 'SIGUSR2')
      expect(await top.left()).toEqual({ exitCode: 1, ...asBefore })
      expect(top.screen()).toContain('a_crash')
    },
    { rows: 40, variables: { NODE_OPTIONS: `--import ${crash}` } },
  )
  await inTop(stage(), async (top) => {
    await top.shows('> worker')
    top.press('\u001a')
    await top.shows(/stopped\s+modes/)
    expect(top.terminal.buffer.active.type).toBe('normal')
    top.press('\r')
    await top.shows('> worker')
    top.press('q')
    expect(await top.left()).toEqual({ exitCode: 0, ...asBefore })
  })
  await inTop(stage(), async (top) => {
    await top.shows('> worker')
    await daemonClient(stage().home.home).stop({ drain: false })
    expect(await top.left()).toEqual({ exitCode: 1, ...asBefore })
    expect(top.screen()).toContain('the daemon')
  })
})

test(
  '[top] keys answer a permission, send, show the changes, follow the transcript and kill',
  thorough,
  async () => {
    const { launch, home } = stage()
    const path = join(home.cwd, 'made')
    await launch(`[[tool: Bash {"command":"touch ${path}","description":"make it"}]] [[say: went on]]`, {
      name: 'asker',
    })
    await inTop(stage(), async (top) => {
      await top.shows(/Needs you \(1\)\n> asker /)
      top.press('a')
      await top.shows(/touch [^]*allow\?/)
      top.press('y\r')
      await top.shows('may do it')
      await top.shows(/Done \(1\)\n> asker .* went on/)
      expect(existsSync(path)).toBe(true)
      top.press('s')
      await top.shows(/^to \S+:/m)
      top.press('\u001b[200~[[say: second]]\n[[hang]]\u001b[201~\r')
      await top.shows('started a turn')
      await top.shows(/Working \(1\)\n> asker /)
      top.press('\r')
      await top.shows(/went on[^]*second/)
      top.press('q')
      await top.shows('> asker')
      top.press('d')
      await top.shows(/file|no changes|cannot|not /)
      top.press('\u001b')
      await top.shows('> asker')
      top.press('/nothing\r')
      await top.shows('no agents')
      top.press('\u001b')
      await top.shows('> asker')
      top.press('xn')
      await top.shows('was not killed')
      top.press('xy')
      await top.shows(/asker" was killed/)
      await top.shows(/Done \(1\)\n> asker /)
      top.press('q')
      expect(await top.left()).toEqual({ exitCode: 0, ...asBefore })
    })
  },
)

test('[top] without a terminal, or with TERM=dumb, it names another command', thorough, async () => {
  const { home } = stage()
  const refused = /top needs a terminal[^]*subagent-mcp ps/
  const piped = await execa(process.execPath, [serverScript, 'top'], {
    cwd: home.cwd,
    env: serverEnvironment(home),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  expect([piped.exitCode, piped.stdout]).toEqual([2, ''])
  expect(piped.stderr).toMatch(refused)
  await inTop(
    stage(),
    async (top) => {
      expect(await top.left()).toEqual({ exitCode: 2, ...asBefore })
      expect(top.screen()).toMatch(refused)
      expect(top.written()).not.toContain('\u001b[')
    },
    { variables: { TERM: 'dumb' } },
  )
})
