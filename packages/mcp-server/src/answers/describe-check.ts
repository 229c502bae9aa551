import { evidenceLine } from '@subagent-mcp/api'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { Agent, EndedTurn } from '@subagent-mcp/core'
import { firstLine } from './cut-text.js'

/** The most characters of a line about a check. */
const longestLine = 300

/** Describes in two lines how the result of a turn was checked, for launches with `accept`. */
export function describeCheck({ profile }: Agent, { check }: EndedTurn): string[] {
  if (!profile.accept || !check) return []
  const { grade, evidence, why = [] } = check
  const found = evidence.map(evidenceLine).join('; ')
  const limits = why.length > 0 ? [`not graded higher: ${line(why.join('; '))}`] : []
  return [`grade: ${grade} (${line(found)})`, ...limits]
}

function line(text: string): string {
  return firstLine(maskSecrets(text.replace(/\s+/g, ' ')), longestLine)
}
