import { BaseSequencer } from 'vitest/node'

/** Short files of a project whose tests, a contract, are described in another file: vitest takes them for quick and runs them last. */
const runContracts = /\/(nats|cluster)-mailbox\.test\.ts$|\/driver\.test\.ts$/

/** In a fresh clone vitest begins with the largest files of a project; here with those that run a contract, then with the largest. */
export default class extends BaseSequencer {
  /** @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((one) => {
      const own = sorted.filter(({ project }) => project === one)
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))]
    })
  }
}

/** @param {import('vitest/node').TestSpecification} file */
function isLong({ moduleId }) {
  return runContracts.test(moduleId)
}
