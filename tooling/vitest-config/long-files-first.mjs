import { BaseSequencer } from 'vitest/node'

/** Small test files that run for long: a contract from another file, or many rounds. vitest expects them to be quick. */
const runForLong =
  /\/(nats|cluster)-mailbox\.test\.ts$|\/driver\.test\.ts$|\/generated-repositories\.test\.ts$/

/** Sorts the files of each project: small ones that run for long first, the others in vitest's order, the largest first. */
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
  return runForLong.test(moduleId)
}
