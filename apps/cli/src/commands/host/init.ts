import { isAbsolute, normalize, sep } from 'node:path'
import { z } from 'zod'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes, oneOf } from '../../command/rules.js'
import { text, toggle, valueNotes } from '../../command/values.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { initFiles, type InitOrder } from './init-files.js'

/** How `init` is called. */
export const initSpec = commandSpec({
  description: 'Write into AGENTS.md, CLAUDE.md and GEMINI.md when hosts should delegate',
  details: [
    'All other bytes of these files stay. A file that is reached twice by a link, or that imports AGENTS.md, is written once.',
    'Warns if Codex would cut the text off.',
  ],
  flags: {
    root: text('folder', 'Project whose AGENTS.md, CLAUDE.md and GEMINI.md are written').exactOptional(),
    global: toggle("Write the hosts' own files, which they read in all projects"),
    files: z
      .string()
      .transform(readFiles)
      .describe('Only these files of the project, separated by commas')
      .register(valueNotes, { hint: 'a,b' })
      .exactOptional(),
    copilot: toggle('Also write .github/copilot-instructions.md'),
    cursor: toggle('Also write .cursor/rules/subagent-mcp.mdc'),
    dryRun: toggle('Print what would change, and change nothing'),
    remove: toggle('Remove what init wrote'),
    force: toggle('Write even in the source of subagent-mcp itself'),
    json: toggle('Print the result for each file as JSON'),
  },
  rules: [oneOf('root', 'global'), excludes('global', ['root', 'files', 'copilot', 'cursor'])],
})

/** Tells hosts when to delegate. */
export const init = defineCommand(initSpec, (args) =>
  withTerminal((terminal) => initFiles(initOrder(args), terminal)),
)

/** What the command line asks for. */
export function initOrder({
  root,
  global: _,
  files,
  copilot,
  cursor,
  ...order
}: ArgsOf<typeof initSpec>): InitOrder {
  if (root === undefined) return { where: { type: 'global' }, ...order }
  return { where: { type: 'project', root, copilot, cursor, ...(files && { files }) }, ...order }
}

function readFiles(value: string, context: z.RefinementCtx): string[] {
  const refuse = (message: string) => {
    context.issues.push({ code: 'custom', message, input: value })
    return z.NEVER
  }
  const names = value.split(',').map((name) => name.trim())
  const wrong = names.find((name) => name === '' || isAbsolute(name) || leadsOut(name))
  if (wrong !== undefined) return refuse(`takes files below the root, not '${wrong}'`)
  const strange = names.find((name) => !isForText(name))
  if (strange === undefined) return names
  return refuse(`takes .md, .mdc and .txt files outside of .git, not '${strange}'`)
}

/** In others the block would be no text for a reader, but a fault. */
function isForText(name: string): boolean {
  const isInGit = normalize(name).toLowerCase().split(sep).includes('.git')
  return /\.(md|mdc|txt)$/i.test(name) && !isInGit
}

function leadsOut(name: string): boolean {
  const path = normalize(name)
  return path === '..' || path.startsWith(`..${sep}`)
}
