import { isMissingFileError, parseJson, SubagentError } from '@subagent-mcp/contract'
import { escapeInvisibleCharacters } from '@subagent-mcp/mailbox'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The user's approval of the commands that projects propose: the hash of the commands by the path of the file. */
export type ProjectGateApproval = {
  approvedGates: Readonly<Record<string, string>>
  /** The place of these settings, such as the path of a configuration file, for error messages. */
  settingsPlace: string
}

const GatesFile = z.strictObject({
  $schema: z.string().exactOptional(),
  run: z.array(z.string().trim().min(1).max(2_000)).min(1).max(20),
})

/**
 * Returns the commands that a project proposes as gates in `.subagent-mcp/gates.json`. Anybody may have written that file, so
 * nothing of it runs before the user has approved its content. @throws SubagentError `not-supported` that says how to approve it,
 * `invalid-parameter` without a valid file
 */
export function readApprovedProjectGates(project: string, trust: ProjectGateApproval): readonly string[] {
  const path = join(project, '.subagent-mcp', 'gates.json')
  const text = readIfThere(path)
  if (text === undefined)
    throw new SubagentError('invalid-parameter', `accept names no check, and there is no ${path}`, {
      hint: 'give run, files or review; or write {"run": ["npm test"]} into that file',
    })
  const file = GatesFile.safeParse(parseJson(text))
  if (!file.success) {
    const problem = z.prettifyError(file.error).replace(/\s+/g, ' ')
    throw new SubagentError('invalid-parameter', `${path}: ${problem}`, {
      hint: 'write the file as {"run": ["npm test"]}',
    })
  }
  const { run } = file.data
  checkApproved({ path, run }, trust)
  return run
}

/** Checks that the user approved these commands. @throws SubagentError `not-supported` that names them and says how to approve them */
function checkApproved(
  { path, run }: { path: string; run: readonly string[] },
  { approvedGates, settingsPlace }: ProjectGateApproval,
): void {
  const hash = gatesHash(run)
  const approved = approvedGates[path]
  if (approved === hash) return
  const how = approved === undefined ? 'you have not approved' : 'changed since you approved them'
  const named = run.map((command) => `'${escapeInvisibleCharacters(command)}'`).join(', ')
  const message = `${path} proposes to run ${named}, which ${how}`
  throw new SubagentError('not-supported', message, {
    hint:
      `if these may run, put ${JSON.stringify({ [path]: hash })} into approvedGates in ${settingsPlace}; ` +
      'or give accept.run yourself',
  })
}

/** The hash by which commands are approved: a change of one of them, or of their order, gives another. */
function gatesHash(commands: readonly string[]): string {
  return `sha256-${createHash('sha256').update(JSON.stringify(commands)).digest('base64')}`
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (isMissingFileError(cause)) return undefined
    throw new SubagentError('io-failed', `cannot read ${path}`, { cause })
  }
}
