/** Escape sequences of terminals (ECMA-48): CSI, OSC with its end, and two-character ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
/** Other controls but tab, and the marks that turn the direction of text around, which could disguise a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A line of somebody else's program without colours, cursor movements and disguises. */
export const plainText = (line: string): string => line.replace(sequences, '').replace(controls, '')
