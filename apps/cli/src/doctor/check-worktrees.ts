import { userHome } from '@subagent-mcp/definitions'
import { readUserFiles } from '../settings/user-files.js'
import { openUserWorktrees } from '../settings/worktree-settings.js'
import { formatMegabytes, plural, shortPath } from '../terminal/format.js'
import { doctorNote, doctorOk, type DoctorContext, type Finding } from './check.js'

/** Lists the worktrees of agents whose changes nobody has taken, with their size, and those that cannot be read. */
export async function checkWorktrees({ environment }: DoctorContext): Promise<Finding[]> {
  // A problem of the configuration has a check of its own.
  const { folder, list } = openUserWorktrees(readUserFiles(environment).config.worktree, environment)
  const all = await list()
  const place = shortPath(folder, userHome(environment))
  if (all.length === 0) return [doctorOk(`no worktrees of agents in ${place}`)]
  const size = formatMegabytes(all.reduce((sum, { bytes }) => sum + bytes, 0))
  const pending = all.filter(({ state }) => state === 'changed' || state === 'packed')
  const ids = pending.map(({ id, changedFiles, bytes, state }) => {
    const what = state === 'packed' ? 'packed' : plural(changedFiles, 'file')
    return `${id} (${what}, ${formatMegabytes(bytes)})`
  })
  return [
    doctorOk(`${plural(all.length, 'worktree')} of agents in ${place}, ${size}`),
    ...(ids.length > 0 ? [doctorNote(`with changes that were not applied: ${ids.join(', ')}`)] : []),
    ...all.flatMap(({ id, path, state }): Finding[] =>
      state === 'damaged'
        ? [{ severity: 'warning', what: `worktree ${id} cannot be read`, mend: `look at ${path}, and delete it` }]
        : [],
    ),
  ]
}
