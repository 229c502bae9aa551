import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CheckResult } from './check.js'
import { unsupportedEngines } from './strict-engines.js'
import { readWorkspace, type WorkspacePackage } from './workspace.js'

/** The fields that every public package.json must have: npm shows them, and a user's tools read them. */
const PublicManifest = z.looseObject({
  description: z.string(),
  keywords: z.array(z.string()).min(3),
  homepage: z.string(),
  bugs: z.object({ url: z.string() }),
  license: z.literal('MIT'),
  author: z.string(),
  type: z.literal('module'),
  engines: z.strictObject({ node: z.literal('>=20.19') }),
  repository: z.object({ type: z.literal('git'), url: z.string(), directory: z.string() }),
  publishConfig: z.object({ access: z.literal('public') }),
})

const Changesets = z.looseObject({ fixed: z.array(z.array(z.string())) })

/**
 * Checks that every public package.json has these fields, that no dependency needs a newer Node than the package
 * promises, and that changesets gives all public packages the same version.
 */
export function checkManifests(root: string): CheckResult {
  const packages = readWorkspace(root).filter(({ manifest }) => !manifest.private)
  return {
    summary: `${packages.length} public packages`,
    problems: [
      ...packages.flatMap(missing),
      ...packages.flatMap(({ folder }) => unsupportedEngines(root, folder)),
      ...versionedApart(
        root,
        packages.map(({ manifest }) => manifest.name),
      ),
    ],
  }
}

function missing({ folder, manifest }: WorkspacePackage): string[] {
  const parsed = PublicManifest.safeParse(manifest)
  if (!parsed.success)
    return parsed.error.issues.map(
      ({ path, message }) => `${folder}/package.json: ${path.join('.')}: ${message}`,
    )
  const { homepage, repository } = parsed.data
  return [
    ...(repository.directory === folder ? [] : ['repository.directory']),
    ...(homepage.endsWith(`/${folder}#readme`) ? [] : ['homepage']),
  ].map((key) => `${folder}/package.json: ${key} does not name ${folder}`)
}

function versionedApart(root: string, names: readonly string[]): string[] {
  const path = '.changeset/config.json'
  const { fixed } = Changesets.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
  const [group = []] = fixed
  return [
    ...names
      .filter((name) => !group.includes(name))
      .map((name) => `${path}: add ${name} to "fixed", where all public packages stand`),
    ...group
      .filter((name) => !names.includes(name))
      .map((name) => `${path}: remove ${name} from "fixed", it is no public package`),
  ]
}
