/** The modes that a job may name. */
export const jobModes = ['none', 'bitwise'] as const
export type JobMode = (typeof jobModes)[number]
