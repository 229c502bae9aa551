import { buildPackages } from './build.mjs'
import { checkPackages } from './check-packages.mjs'
import { fetchPnpm } from './fetch-pnpm.mjs'
import { installPackages } from './install-packages.mjs'
import { scriptTasks } from './tasks.mjs'

/**
 * Installs and builds what is missing, then runs the task named by the first word of the command line. Resolves to the
 * exit code.
 * @param {string[]} commandLine
 * @returns {Promise<number>}
 */
export async function main([name = '', ...args]) {
  if (name === 'pnpm') return (await fetchPnpm()) || (await scriptTasks.pnpm(args))
  const task = Object.entries(scriptTasks).find(([known]) => known === name)?.[1]
  if (task === undefined) return refuse(name)
  const installed = (await fetchPnpm()) || (await installPackages())
  if (installed !== 0) return installed
  if (name === 'check' && args.length > 0) return await checkPackages(args)
  return (await buildPackages()) || (await task(args))
}

/** @param {string} name */
function refuse(name) {
  process.stderr.write(`no task is named "${name}"; use one of ${Object.keys(scriptTasks).join(', ')}\n`)
  return 2
}
