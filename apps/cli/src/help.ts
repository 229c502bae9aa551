import { answerHelp } from './help/answer-help.js'

// What is asked for help or completions: a bundle by itself, because a command would be loaded for nothing.
answerHelp(process.argv.slice(2))
