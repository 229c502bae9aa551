import { expect, test } from 'vitest'
import { fileChange, jsonWithBomRules } from './hosts/file-change.js'
import type { FileFormat } from './hosts/host.js'
import { planFileChanges } from './plan.js'

const server = { command: '/usr/bin/node', args: ['/opt/subagent-mcp/bin/subagent-mcp.js', 'serve'] }

/** Repeats text until it is so many characters long. */
function repeat(length: number, piece: (number: number) => string): string {
  const pieces: string[] = []
  for (let size = 0; size < length; size += pieces.at(-1)?.length ?? 1) pieces.push(piece(pieces.length))
  return pieces.join('')
}

const project = (number: number) =>
  `"/home/me/project-${number}":{"allowedTools":[],"history":[{"display":"fix it","pasted":{}}],"cost":1.5},`

const files: [string, FileFormat, (length: number) => string][] = [
  ['JSON in one line', jsonWithBomRules, (length) => `{"projects":{${repeat(length, project)}"last":{}}}`],
  [
    'JSON whose second line is long',
    jsonWithBomRules,
    (length) => `{\n"projects":{${repeat(length, project)}"last":{}}}\n`,
  ],
  [
    'TOML with many tables',
    'toml',
    (length) => repeat(length, (number) => `[projects."/p${number}"]\ntrust_level = "trusted" # yes\n\n`),
  ],
  [
    'TOML with many of our neighbours',
    'toml',
    (length) => repeat(length, (number) => `[mcp_servers.s${number}]\ncommand = "x"\n`),
  ],
]

const longValues: typeof files = [
  ['JSON that is one long string', jsonWithBomRules, (length) => `{"a":"${repeat(length, () => 'x\\" ')}"}`],
  ['TOML with one long array', 'toml', (length) => `notify = [\n${repeat(length, () => '  "x", # y\n')}]\n`],
]

/** Plans two changes of a text in succession, and computes the diff, as setup does. */
function planned(text: string, format: FileFormat) {
  const name = format === 'toml' ? 'mcp_servers' : 'mcpServers'
  const file = { host: 'codex', path: '/file', format, what: 'x' } as const
  const changes = [
    fileChange({ ...file, edits: [{ type: 'set', path: [name, 'subagent-mcp'], value: server }] }),
    fileChange({ ...file, edits: [{ type: 'set', path: ['features', 'agents'], value: false }] }),
  ]
  const [found] = planFileChanges(changes, () => ({ type: 'text', text }))
  if (found?.type !== 'write') throw new Error(found?.type)
  return { after: found.after, diff: found.diff }
}

test.each(files)(
  'setup of a text that is four times as long takes no sixteen times as long: %s',
  (_, format, make) => {
    const texts = [make(200_000), make(800_000)]
    planned(texts[0] ?? '', format) // compiled by now
    const times = texts.map((text) =>
      Math.min(...Array.from({ length: 3 }, () => cpuTime(() => planned(text, format)))),
    )
    const [short = 0, long = 0] = times
    expect(long / Math.max(short, 1)).toBeLessThan(9)
  },
)

test.each([...files, ...longValues])(
  'what was there stays byte for byte, and the diff is short: %s',
  (_, format, make) => {
    const before = make(100_000)
    const { after, diff } = planned(before, format)
    let head = 0
    while (before[head] === after[head] && head < before.length) head += 1
    expect(after.length).toBeGreaterThan(before.length)
    // What was added is in one or two pieces.
    const rest = before.slice(head)
    expect(after.endsWith(rest) || after.includes(rest.slice(0, -2)) || rest.trim() === '').toBe(true)
    expect(diff.length).toBeLessThan(5_000)
  },
)

/** The processor time of a call, in milliseconds. Unlike the wall clock it does not depend on other processes. */
function cpuTime(act: () => unknown): number {
  const start = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
