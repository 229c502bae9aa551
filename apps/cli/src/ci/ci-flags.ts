import { flagNeeds } from '../command/rules.js'
import { textArg, boolArg } from '../command/values.js'

export const ciFlags = {
  ci: boolArg('Run in a CI job: no daemon is started, nobody is asked, and no file stays'),
  junit: textArg('file', 'With --ci: write the outcome as JUnit XML to this file').exactOptional(),
}

export const ciFlagRules = [flagNeeds('junit', 'ci')]
