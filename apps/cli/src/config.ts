import { SubagentError } from '@subagent-mcp/contract'
import { AcpAgent } from '@subagent-mcp/driver-acp'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readJsoncFile, type JsoncFile } from './jsonc-file.js'

const taken = ['claude', 'codex', 'gemini']

/** What a user sets in `config.jsonc`. A project has none: it must not be able to name commands. */
const Config = z.strictObject({
  $schema: z.string().exactOptional(),
  acpAgents: z.array(AcpAgent).superRefine(checkIds).default([]),
})
export type Config = z.infer<typeof Config>

/** Where a user's own configuration is: one rule on all systems. */
export function configFolder({ SUBAGENT_MCP_HOME: own, ...environment }: NodeJS.ProcessEnv): string {
  if (own) return resolve(own)
  const home = process.platform === 'win32' ? environment['USERPROFILE'] : environment['HOME']
  return join(home || homedir(), '.subagent-mcp')
}

/** Reads the user's configuration; without a file it is empty. @throws SubagentError that names file and line */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const path = join(configFolder(environment), 'config.jsonc')
  const file = readJsoncFile(path)
  const config = Config.safeParse(file?.value ?? {})
  if (config.success) return config.data
  throw invalid(path, file, config.error)
}

function checkIds(agents: readonly AcpAgent[], context: z.RefinementCtx): void {
  for (const [index, { id }] of agents.entries()) {
    const isRepeated = agents.findIndex((agent) => agent.id === id) < index
    if (!isRepeated && !taken.includes(id)) continue
    const message = isRepeated ? `'${id}' is there twice` : `'${id}' is built in: take another id`
    context.addIssue({ code: 'custom', path: [index, 'id'], message })
  }
}

function invalid(path: string, file: JsoncFile | undefined, error: z.ZodError): SubagentError {
  const problems = error.issues.map(({ path: place, message }) => {
    const segments = place.filter((segment) => typeof segment !== 'symbol')
    const name = segments.length > 0 ? `${z.core.toDotPath(segments)}: ` : ''
    return `${path}:${file?.lineOf(segments) ?? 1}: ${name}${message}`
  })
  const hint = 'mend it there; it takes acpAgents, a list of { id, command, args, env, auth }'
  return new SubagentError('config-invalid', problems.join('; '), { hint, cause: error })
}
