/** Whether somebody waits for the tests: neither CI nor the soak, which leave none out. */
export const isLocalRun = process.env['CI'] !== 'true' && process.env['SOAK'] === undefined
