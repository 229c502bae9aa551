import { exitCode } from '../exit.js'
import { followUpdate } from '../releases/follow-update.js'
import type { Refreshed } from '../releases/refreshed.js'
import { shortPath } from '../terminal/short-path.js'
import type { Terminal } from '../terminal/terminal.js'
import { say } from './daemon-command.js'
import type { FollowOrder } from './update-order.js'

/** What the new release does once it is in place. That a file is refused is told, and no fault of the release. */
export async function bringUpToDate({ from, json }: FollowOrder, terminal: Terminal): Promise<number> {
  const files = followUpdate(terminal, from)
  await say(terminal, json, { text: filesText(files, terminal), data: { files } })
  return exitCode.done
}

/** What became of the files, for a person. */
export function filesText(files: readonly Refreshed[], { home }: Terminal): string {
  if (files.length === 0) return 'what setup and init wrote is current'
  return files
    .map((file) => {
      const path = shortPath(file.path, home)
      if (file.type === 'written') return `brought up to date: ${path}`
      const { why, snippet } = file
      return `left as it is: ${path}: ${why}${snippet === undefined ? '' : `; it should have:\n${snippet.trimEnd()}`}`
    })
    .join('\n')
}
