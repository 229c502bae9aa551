import { parseJson } from '@subagent-mcp/contract'
import { readText } from '@subagent-mcp/installer'
import { join } from 'node:path'
import { z } from 'zod'

const Package = z.looseObject({ name: z.literal('subagent-mcp-monorepo') })

/** Whether a project is the source of this very tool. */
export function isOwnRepository(project: string): boolean {
  const file = readText(join(project, 'package.json'))
  return file.type === 'text' && Package.safeParse(parseJson(file.text)).success
}
