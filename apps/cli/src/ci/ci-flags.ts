import { flagNeeds } from '../command/rules.js'
import { textArg, toggle } from '../command/values.js'

/** The options of commands that give an agent work in a job of CI. */
export const ciFlags = {
  ci: toggle('For jobs of CI: without a daemon, a person, or anything that stays'),
  junit: textArg('file', 'With --ci: write the outcome as JUnit XML to this file').exactOptional(),
}

/** The rules for these options on one command line. */
export const ciRules = [flagNeeds('junit', 'ci')]
