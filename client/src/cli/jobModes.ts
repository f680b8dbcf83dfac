/** The modes that a job may name. */
export const jobModes = ['none', 'bitwise', 'tolerance', 'refereed'] as const
export type JobMode = (typeof jobModes)[number]
