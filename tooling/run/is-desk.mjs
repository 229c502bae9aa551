/** Whether somebody waits for the tests: neither CI nor the soak, which leave none out. */
export const isDesk = process.env['CI'] !== 'true' && process.env['SOAK'] === undefined
