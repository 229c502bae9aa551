import { answerHelpRequest } from './help/answer-help.js'

// The entry of a small bundle that prints help and completions without loading any command.
answerHelpRequest(process.argv.slice(2))
