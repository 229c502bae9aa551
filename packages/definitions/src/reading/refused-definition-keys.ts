import type { DefinitionFileProblem } from './invalid-file-error.js'
import type { Frontmatter } from './parse-frontmatter.js'

/**
 * Returns the problems of keys that a definition must not have: if they were ignored, the agent could do more than its
 * author allowed, or something else. Misspelled restrictions, and keys that stand there in two spellings, are refused too.
 */
export function findRefusedDefinitionKeys({ value, lineOf }: Frontmatter): readonly DefinitionFileProblem[] {
  const misread = Object.keys(value).flatMap((key) => {
    const reason = Object.hasOwn(refused, key) ? refused[key] : misspelt(key)
    return reason ? [{ line: lineOf([key]), message: `${key}: ${reason.message}`, hint: reason.hint }] : []
  })
  const twice = spelledTwice.filter((keys) => keys.every((key) => Object.hasOwn(value, key)))
  return [
    ...misread,
    ...twice.map(([first, second]) => ({
      line: lineOf([second]),
      message: `${second}: says the same as ${first}, which is there too`,
      hint: 'keep one of them',
    })),
  ]
}

const spelledTwice = [
  ['maxTurns', 'max_turns'],
  ['mcpServers', 'mcp_servers'],
  ['timeout', 'timeout_mins'],
] as const

type Reason = { message: string; hint: string }

const refused: Readonly<Record<string, Reason>> = {
  allow: {
    message: 'only the user may allow calls without a question',
    hint: 'the user puts the rule into permissions.allow in config.jsonc; a definition can have permissionMode, deny and ask',
  },
  hooks: {
    message: 'hooks are not run here, so what they forbid would be allowed',
    hint: 'use tools, disallowedTools, deny or permissionMode instead',
  },
  isolation: {
    message: 'an agent here works in the folder that it is given',
    hint: 'make the worktree yourself, and give its folder as cwd',
  },
  prefer: {
    message: 'an agent runs on one provider, whose names its tools and model have',
    hint: 'write provider; only a launch without a definition can prefer one',
  },
  policy: {
    message: 'policies are not applied here, so what they forbid would be allowed',
    hint: 'use tools, disallowedTools, deny or permissionMode instead',
  },
}

const spellings: Readonly<Record<string, string>> = {
  tools: 'tools',
  allowedtools: 'tools',
  disallowedtools: 'disallowedTools',
  disallowedtool: 'disallowedTools',
  excludetools: 'disallowedTools',
  excludedtools: 'disallowedTools',
  disabledtools: 'disallowedTools',
  permissionmode: 'permissionMode',
  permissions: 'permissionMode',
  permission: 'permissionMode',
  readonly: 'permissionMode: dontAsk',
  deny: 'deny',
  denyrules: 'deny',
  denied: 'deny',
  ask: 'ask',
  askrules: 'ask',
  maxturns: 'maxTurns',
  mcpservers: 'mcpServers',
}

const understood = new Set([...Object.values(spellings), 'max_turns', 'mcp_servers'])

function misspelt(key: string): Reason | undefined {
  const plain = key.toLowerCase().replace(/[-_ ]/g, '')
  if (understood.has(key) || !Object.hasOwn(spellings, plain)) return undefined
  return {
    message: 'this spelling is not read, so it would restrict nothing',
    hint: `write ${spellings[plain] ?? ''}`,
  }
}
