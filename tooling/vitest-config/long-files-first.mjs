import { BaseSequencer } from 'vitest/node'

/** Test files that run a contract from another file. vitest expects them to be quick, because they are small. */
const runContracts = /\/(nats|cluster)-mailbox\.test\.ts$|\/driver\.test\.ts$/

/** Sorts the files of each project: those that run a contract first, the others in vitest's order, the largest first. */
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
