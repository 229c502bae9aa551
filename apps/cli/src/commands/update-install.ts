import { SubagentError } from '@subagent-mcp/contract'
import { parseJson } from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import { changeRelease, runProgram } from '../releases/change-release.js'
import { endIdleDaemon } from '../daemon/end-idle-daemon.js'
import { Refreshed } from '../releases/refreshed.js'
import { sourceOf, type ReleaseDesk } from '../releases/release-desk.js'
import type { Saying } from './daemon-command.js'
import { filesText } from './update-files.js'

/**
 * Puts the newer release in the place of this one, and has it do the rest: it alone knows what its files should be.
 * From then on nothing of this program can be loaded any more, for its own files are gone.
 * @throws SubagentError that says which release is there now
 */
export async function installRelease(
  { from, to }: { from: string; to: string },
  { terminal, installed, run }: ReleaseDesk,
): Promise<Saying> {
  const source = sourceOf(installed)
  const daemon = await endIdleDaemon(terminal.environment)
  await terminal.stderr.print(`installing ${to} ...\n`)
  await changeRelease({ source, from, to, run })
  const ask = (words: readonly string[], what: string): Promise<string> =>
    orSay(runProgram(source.program(to), words, run), `${to} is installed, but ${what}`)
  const followed = await ask(['update', '--after', from, '--json'], 'what setup wrote is not up to date')
  const { files } = Followed.parse(parseJson(followed))
  if (daemon.type === 'ended') await ask(['daemon', 'start'], 'its daemon does not start')
  const texts = [
    `${to} is installed; subagent-mcp rollback goes back to ${from}`,
    filesText(files, terminal),
    ...(daemon.type === 'stays' ? [`${daemon.why}, and goes on; new sessions of hosts get ${to}`] : []),
  ]
  return { text: texts.join('\n'), data: { updated: true, files, daemon } }
}

/** As another release says it. */
const Followed = z.looseObject({ files: z.array(Refreshed) }).catch({ files: [] })

async function orSay(answer: Promise<string>, what: string): Promise<string> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    throw new SubagentError('io-failed', `${what}: ${cause.message}`, {
      hint: 'subagent-mcp doctor says what is wrong; subagent-mcp rollback goes back',
      cause,
    })
  }
}
