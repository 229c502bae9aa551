import { z } from 'zod'
import { DefinitionKeys } from './definition-keys.js'
import { createInvalidDefinitionFileError, type DefinitionFileProblem } from './invalid-file-error.js'
import { isDefinitionName, definitionNameRule } from '../definition-name.js'
import type { Frontmatter } from './parse-frontmatter.js'
import { findRefusedDefinitionKeys } from './refused-definition-keys.js'

/** Validates the keys of a definition. @throws SubagentError `definition-invalid` with all problems */
export function parseDefinitionKeys(
  file: { path: string; name: string },
  frontmatter: Frontmatter,
): DefinitionKeys {
  const keys = DefinitionKeys.safeParse(frontmatter.value)
  const problems = [
    ...nameProblems(file.name, frontmatter),
    ...findRefusedDefinitionKeys(frontmatter),
    ...(keys.error?.issues.map((issue) => describeIssue(issue, frontmatter)) ?? []),
  ].toSorted((left, right) => left.line - right.line)
  if (keys.success && problems.length === 0) return keys.data
  throw createInvalidDefinitionFileError(file.path, problems, keys.error)
}

export function isDefinitionKey(key: string): boolean {
  return Object.hasOwn(DefinitionKeys.shape, key)
}

function nameProblems(fileName: string, { value, lineOf }: Frontmatter): readonly DefinitionFileProblem[] {
  const { name } = value
  const line = lineOf(['name'])
  if (!isDefinitionName(fileName))
    return [{ line, message: `'${fileName}' cannot be a name`, hint: definitionNameRule }]
  if (typeof name !== 'string' || name.trim() === fileName) return []
  const hint = `write name: ${fileName}${isDefinitionName(name) ? `, or call the file ${name}.md` : ''}`
  return [{ line, message: `name: is '${name}', but the file is ${fileName}.md`, hint }]
}

function describeIssue(issue: z.core.$ZodIssue, { value, lineOf }: Frontmatter): DefinitionFileProblem {
  const place = issue.path.filter((segment) => typeof segment !== 'symbol')
  // An unknown key is reported at its own place.
  const [surplus] = issue.code === 'unrecognized_keys' ? issue.keys : []
  const line = lineOf(surplus === undefined ? place : [...place, surplus])
  const key = String(place[0])
  const takes = Object.entries(DefinitionKeys.shape).find(([known]) => known === key)?.[1].description
  return {
    line,
    message: `${z.core.toDotPath(place)}: ${place.length === 1 ? whatIsWrong(value[key], issue) : issue.message}`,
    hint: isBare(value[key], issue)
      ? `put it in quotes: ${key}: "${String(value[key])}"`
      : `${key} takes ${takes ?? 'something else'}`,
  }
}

function whatIsWrong(value: unknown, issue: z.core.$ZodIssue): string {
  if (value === undefined) return 'is missing'
  if (isBare(value, issue)) return `is a ${typeof value} to YAML, and not a text`
  return value === null ? 'has no value' : issue.message
}

/** Whether a YAML value is a number or boolean where a text is expected, so that quotes would make it valid. */
function isBare(value: unknown, issue: z.core.$ZodIssue): boolean {
  const isText = issue.code === 'invalid_type' && issue.expected === 'string'
  return isText && (typeof value === 'number' || typeof value === 'boolean')
}
