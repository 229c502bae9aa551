import { exitCode } from '../exit.js'
import { followUpdate, planFollowing } from '../releases/follow-update.js'
import { askReleases, type Releases } from '../releases/newest-release.js'
import { sourceOf, type ReleaseDesk } from '../releases/release-desk.js'
import { shortPath } from '../terminal/short-path.js'
import { say, type Saying } from './daemon-command.js'
import { filesText } from './update-files.js'
import { installRelease } from './update-install.js'
import type { UpdateOrder } from './update-order.js'

/** Says what there is to do, or does it. @throws SubagentError that says which release is there now */
export async function updateProgram({ does, json }: UpdateOrder, desk: ReleaseDesk): Promise<number> {
  const { terminal, run, installed } = desk
  await terminal.stderr.print('asking for the newest release ...\n')
  const releases = await askReleases(sourceOf(installed), run)
  const { current, newer } = releases
  const head = newer === undefined ? `${current} is the newest release` : `${current} can become ${newer}`
  const done = await act(does, releases, desk)
  const text = [head, ...(done.text === '' ? [] : [done.text])].join('\n')
  await say(terminal, json, {
    text,
    data: { current, newer: newer ?? null, installed: installed.type, ...done.data },
  })
  return exitCode.done
}

async function act(
  does: UpdateOrder['does'],
  { current, newer }: Releases,
  desk: ReleaseDesk,
): Promise<Saying> {
  if (does === 'check') return { text: '', data: {} }
  if (newer !== undefined) {
    const change = { from: current, to: newer }
    return does === 'plan' ? planInstall(change, desk) : installRelease(change, desk)
  }
  // A release that came by hand has not yet brought its own files up to date.
  return does === 'plan' ? planFiles(desk) : refreshFiles(desk)
}

/** Which files the newer release will write it alone knows. */
function planInstall({ from, to }: { from: string; to: string }, { installed }: ReleaseDesk): Saying {
  const source = sourceOf(installed)
  const commands = [...source.install(to), [...source.program(to).words, 'update', '--after', from]]
  const lines = commands.map((words) => `would run: ${words.join(' ')}`)
  return { text: [...lines, 'would restart the daemon if nobody uses it'].join('\n'), data: { commands } }
}

function planFiles({ terminal }: ReleaseDesk): Saying {
  const files = planFollowing(terminal)
  const lines = files.map((path) => `would bring up to date: ${shortPath(path, terminal.home)}`)
  return { text: lines.join('\n'), data: { files } }
}

function refreshFiles({ terminal }: ReleaseDesk): Saying {
  const files = followUpdate(terminal)
  return { text: filesText(files, terminal), data: { files } }
}
