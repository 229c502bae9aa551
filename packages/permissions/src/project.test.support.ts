import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseToolCall } from './call/parse-tool-call.js'
import { createDiskToolCallContext, type ToolCallContext } from './places/tool-call-context.js'
import { parsePermissionRule, type PermissionRule } from './rules/read-rule.js'
import { doesRuleMatchAction, type RuleMatchPurpose } from './rules/rule.js'

/**
 * A folder in a home, with a `.env` and links: `out` leads to the home, `dangling` to nothing in it, `deep` into
 * `src/a`, `notes` to a secret; `src/repository` is one, and a name has a space.
 */
export function project(): { place: ToolCallContext; remove: () => void } {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'permissions-')))
  const cwd = join(home, 'project')
  mkdirSync(join(cwd, 'src', 'a'), { recursive: true })
  mkdirSync(join(home, '.ssh'))
  mkdirSync(join(home, 'other'))
  writeFileSync(join(cwd, 'src', 'index.ts'), '')
  writeFileSync(join(cwd, '.env'), '')
  writeFileSync(join(home, '.ssh', 'config'), '')
  writeFileSync(join(cwd, 'wide name'), '')
  mkdirSync(join(cwd, 'src', 'repository', '.git'), { recursive: true })
  symlinkSync(join(home, '.ssh', 'config'), join(cwd, 'notes'))
  symlinkSync(home, join(cwd, 'out'))
  symlinkSync(join(home, 'not-there'), join(cwd, 'dangling'))
  symlinkSync('src/a', join(cwd, 'deep'))
  return { place: createDiskToolCallContext(cwd, home), remove: () => rmSync(home, { recursive: true }) }
}

/** Parses a permission rule; throws when the text is none. */
export function rule(text: string): PermissionRule {
  const parsed = parsePermissionRule(text)
  if (parsed === undefined) throw new Error(`no rule: ${text}`)
  return parsed
}

/** Whether a rule fits a tool call. To be allowed, every action must fit; to be forbidden, one. A lone `cd` does not count. */
export function doesRuleFit(
  place: ToolCallContext,
  text: string,
  { tool, input }: { tool: string; input: unknown },
  purpose: RuleMatchPurpose,
): boolean {
  const call = parseToolCall('claude', { tool, input }, place)
  const isMove = (action: (typeof call.actions)[number]) =>
    action.type === 'run' && action.command.words[0]?.text === 'cd'
  const results = call.actions
    .filter((action) => !isMove(action))
    .map((action) => doesRuleMatchAction(rule(text), { action, call, place, purpose }))
  return purpose === 'allow' ? results.every(Boolean) : results.some(Boolean)
}
