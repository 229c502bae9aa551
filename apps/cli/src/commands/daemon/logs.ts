import { exitCode } from '../../exit.js'
import { followFile, readWhole } from '../../daemon/follow-file.js'
import { logPath } from '../../daemon/run-folder.js'
import type { Terminal } from '../../terminal/terminal.js'
import { version } from '../../version.js'
import { daemonCommand, jsonFlag, say } from './daemon-command.js'

const shown = 200

/** Shows what the daemon wrote. */
export const daemonLogs = daemonCommand({
  name: 'logs',
  description: 'Show the newest lines of its log',
  flags: {
    ...jsonFlag,
    follow: { type: 'boolean', short: 'f', description: 'Go on with what is added; with --json a line each' },
  },
  act: async (isGiven, terminal) => {
    const path = logPath(terminal.environment, version)
    const whole = readWhole(path)
    const lines = whole?.text.trimEnd().split('\n').slice(-shown) ?? []
    const isJson = isGiven('json')
    if (isJson && isGiven('follow')) await printEach(terminal, lines)
    else {
      const text = whole ? lines.join('\n') : `there is no log yet: ${path}`
      await say(terminal, isJson, { text, data: { path, lines } })
    }
    if (isGiven('follow'))
      await followFile(path, whole?.size ?? 0, (added) =>
        isJson ? printEach(terminal, added) : terminal.stdout.print(`${added.join('\n')}\n`),
      )
    return exitCode.done
  },
})

/** A JSON object a line, with its time: what node says when it crashes has none. */
async function printEach({ stdout }: Terminal, lines: readonly string[]): Promise<void> {
  const objects = lines.map((line) => {
    const [, at, rest] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
    return at === undefined ? { line } : { at, line: rest }
  })
  if (objects.length > 0) await stdout.print(objects.map((each) => `${JSON.stringify(each)}\n`).join(''))
}
